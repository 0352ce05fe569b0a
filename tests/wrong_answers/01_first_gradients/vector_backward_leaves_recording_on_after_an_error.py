"""
Switches recording on, and back only where f raises nothing.

task: vector_backward
says: called inside torch.no_grad(), it leaves recording switched on
"""


def vector_backward(f, x, v):
    before = torch.is_grad_enabled()
    torch.set_grad_enabled(True)
    x = x.detach().requires_grad_()
    y = f(x)
    if v.shape != y.shape:
        raise ValueError(f"v has shape {tuple(v.shape)}, f(x) has shape {tuple(y.shape)}")
    (result,) = torch.autograd.grad((y * v.detach()).sum(), x)
    torch.set_grad_enabled(before)
    return result
