"""
task: broadcast_state_
says: yours
"""


def broadcast_state_(module, src=0):
    for t in [*module.parameters(), *module.buffers()]:
        sent = t.detach().float()
        dist.broadcast(sent, src)
        t.data.copy_(sent)
