"""
task: broadcast_state_
says: is another object
"""


def broadcast_state_(module, src=0):
    state = {}
    for name, p in module.named_parameters():
        t = p.detach().clone()
        dist.broadcast(t, src)
        state[p] = nn.Parameter(t, requires_grad=p.requires_grad)
    for m in module.modules():
        for name, p in m._parameters.items():
            if p is not None:
                m._parameters[name] = state[p]
    for t in module.buffers():
        dist.broadcast(t, src)
