"""
task: vector_backward
way: one backward for each element of f(x), added up with weights
"""


def vector_backward(f, x, v):
    leaf = x.detach().requires_grad_()
    y = f(leaf)
    if list(v.shape) != list(y.shape):
        raise ValueError(f"shapes {list(y.shape)} and {list(v.shape)} differ")
    total = torch.zeros_like(x, requires_grad=False)
    for element, weight in zip(y.reshape(-1), v.detach().reshape(-1)):
        total += weight * torch.autograd.grad(element, leaf, retain_graph=True)[0]
    return total
