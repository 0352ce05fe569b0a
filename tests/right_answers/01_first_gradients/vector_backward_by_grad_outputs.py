"""
task: vector_backward
way: grad_outputs=v.detach(); the error shows torch.Size
"""


def vector_backward(f, x, v):
    leaf = x.detach().clone().requires_grad_()
    y = f(leaf)
    if v.shape != y.shape:
        raise ValueError(f"v is {v.shape} but f(x) is {y.shape}")
    return torch.autograd.grad(y, leaf, grad_outputs=v.detach())[0]
