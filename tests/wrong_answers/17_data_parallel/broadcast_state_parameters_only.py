"""
task: broadcast_state_
says: buffers stay as they were
"""


def broadcast_state_(module, src=0):
    for p in module.parameters():
        dist.broadcast(p.data, src)
