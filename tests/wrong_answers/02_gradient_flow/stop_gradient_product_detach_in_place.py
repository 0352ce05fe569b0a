"""
Detaches what g returns in place, and with it the leaf itself where g hands its input back.

task: stop_gradient_product
says: RuntimeError
"""


def stop_gradient_product(
    f: Callable[[Tensor], Tensor], g: Callable[[Tensor], Tensor], x: Tensor
) -> Tensor:
    leaf = x.detach().clone().requires_grad_()
    weight = g(leaf).detach_()
    return torch.autograd.grad(f(leaf) * weight, leaf)[0]
