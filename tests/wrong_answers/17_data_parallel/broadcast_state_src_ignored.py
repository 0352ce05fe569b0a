"""
task: broadcast_state_
says: rank 0 is the source, whatever src is
"""


def broadcast_state_(module, src=0):
    for t in [*module.parameters(), *module.buffers()]:
        dist.broadcast(t.detach(), 0)
