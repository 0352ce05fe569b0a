"""
task: hvp
says: more than 1,000 operations run: x has 2000 elements
"""


def hvp(f, x, v):
    g, pull = torch.func.vjp(torch.func.grad(f), x.detach())
    parts = []
    for i in range(x.numel()):
        e = torch.zeros(x.numel(), dtype=x.dtype)
        e[i] = 1
        parts.append((pull(e.reshape(x.shape))[0].detach() * v).sum())
    return torch.stack(parts).reshape(x.shape)
