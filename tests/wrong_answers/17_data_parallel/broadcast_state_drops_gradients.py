"""
task: broadcast_state_
says: .grad' is another object
"""


def broadcast_state_(module, src=0):
    module.zero_grad()
    for t in [*module.parameters(), *module.buffers()]:
        dist.broadcast(t.detach(), src)
