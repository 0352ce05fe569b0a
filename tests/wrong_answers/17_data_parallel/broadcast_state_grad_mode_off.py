"""
task: broadcast_state_
says: it leaves another grad mode than it has found
"""


def broadcast_state_(module, src=0):
    torch.set_grad_enabled(False)
    for t in [*module.parameters(), *module.buffers()]:
        dist.broadcast(t, src)
