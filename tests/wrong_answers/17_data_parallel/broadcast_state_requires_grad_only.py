"""
task: broadcast_state_
says: frozen parameters and buffers stay as they were
"""


def broadcast_state_(module, src=0):
    for t in [*module.parameters(), *module.buffers()]:
        if t.requires_grad:
            dist.broadcast(t.detach(), src)
