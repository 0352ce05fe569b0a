"""
task: broadcast_state_
says: elements are sent, and the module has
says: under two names
"""


def broadcast_state_(module, src=0):
    for _, t in module.named_parameters(remove_duplicate=False):
        dist.broadcast(t.detach(), src)
    for t in module.buffers():
        dist.broadcast(t, src)
