"""
task: broadcast_state_
says: nobody has waited for them
"""


def broadcast_state_(module, src=0):
    for t in [*module.parameters(), *module.buffers()]:
        dist.broadcast(t.detach(), src, async_op=True)
