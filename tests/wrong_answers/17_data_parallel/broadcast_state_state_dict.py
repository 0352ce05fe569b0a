"""
task: broadcast_state_
says: non-persistent buffers stay as they were
"""


def broadcast_state_(module, src=0):
    for t in module.state_dict().values():
        dist.broadcast(t, src)
