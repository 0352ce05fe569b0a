"""
task: vector_backward
way: torch.autograd.backward of f(x) with v, into the leaf alone
"""


def vector_backward(f, x, v):
    leaf = x.detach().clone().requires_grad_()
    y = f(leaf)
    if tuple(v.shape) != tuple(y.shape):
        raise ValueError(f"v has shape {tuple(v.shape)}, and f(x) has {tuple(y.shape)}")
    torch.autograd.backward([y], [v.detach().clone()], inputs=[leaf])
    return leaf.grad.detach()
