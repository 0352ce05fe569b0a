"""
task: vector_backward
says: backward needs its result as it was returned
"""


def vector_backward(f: Callable[[Tensor], Tensor], x: Tensor, v: Tensor) -> Tensor:
    x = x.detach().requires_grad_()
    y = f(x)
    if v.shape != y.shape:
        raise ValueError(f"v has shape {tuple(v.shape)}, f(x) has shape {tuple(y.shape)}")
    (result,) = torch.autograd.grad(y.mul_(v).sum(), x)
    return result
