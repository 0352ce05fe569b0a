"""
task: broadcast_state_
says: frozen parameters stay as they were
"""


def broadcast_state_(module, src=0):
    for p in module.parameters():
        if p.requires_grad:
            dist.broadcast(p.detach(), src)
    for t in module.buffers():
        dist.broadcast(t, src)
