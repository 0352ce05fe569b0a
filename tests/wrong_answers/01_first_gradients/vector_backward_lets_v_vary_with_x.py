"""
Takes the leaf for v too, where both are one tensor.

task: vector_backward
says: v counts as varying too, where it is x
"""


def vector_backward(f, x, v):
    leaves = {id(t): t.detach().requires_grad_(t is x) for t in (v, x)}
    at, weights = leaves[id(x)], leaves[id(v)]
    y = f(at)
    if weights.shape != y.shape:
        raise ValueError(f"v has shape {tuple(v.shape)}, f(x) has shape {tuple(y.shape)}")
    return torch.autograd.grad((y * weights).sum(), at)[0]
