"""
task: broadcast_state_
says: lies in other memory
"""


def broadcast_state_(module, src=0):
    for tensor in dict.fromkeys(itertools.chain(module.parameters(), module.buffers())):
        arrived = tensor.detach().clone()
        dist.broadcast(arrived, src)
        tensor.data = arrived
