"""
task: hvp
says: a tensor of 4,000,000 elements is made
"""


def hvp(f, x, v):
    H = torch.func.jacrev(torch.func.grad(f))(x.detach())
    return torch.tensordot(H, v, dims=v.dim()).detach()
