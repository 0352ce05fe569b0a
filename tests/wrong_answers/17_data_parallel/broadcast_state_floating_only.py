"""
task: broadcast_state_
says: what is not floating stays as it was
"""


def broadcast_state_(module, src=0):
    for t in [*module.parameters(), *module.buffers()]:
        if t.is_floating_point():
            dist.broadcast(t.detach(), src)
