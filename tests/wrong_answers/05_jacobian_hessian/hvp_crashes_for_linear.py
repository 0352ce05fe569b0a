"""
task: hvp
says: given a linear f, whose gradient has no graph, it raises RuntimeError
"""


def hvp(f, x, v):
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        (g,) = torch.autograd.grad(f(leaf), leaf, create_graph=True)
        return torch.autograd.grad((g * v).sum(), leaf, materialize_grads=True)[0]
