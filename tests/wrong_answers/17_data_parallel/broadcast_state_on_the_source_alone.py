"""
task: broadcast_state_
says: waits for ever in broadcast of
"""


def broadcast_state_(module, src=0):
    if dist.get_rank() == src:
        for t in [*module.parameters(), *module.buffers()]:
            dist.broadcast(t.detach(), src)
