"""
task: hypergradient
way: torch.addcmul for the step
"""


def hypergradient(
    f: Callable[[Tensor], Tensor],
    val: Callable[[Tensor], Tensor],
    w0: Tensor,
    lr: Tensor,
    steps: int,
) -> Tensor:
    rate = lr.detach().clone().requires_grad_()
    w = w0.detach().clone().requires_grad_()
    while steps > 0:
        (g,) = torch.autograd.grad(f(w), w, create_graph=True)
        w = torch.addcmul(w, rate, g, value=-1)
        steps -= 1
    (result,) = torch.autograd.grad(val(w), rate, materialize_grads=True)
    return result.detach()
