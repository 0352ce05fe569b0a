"""
task: maml_gradient
way: torch.add with alpha
"""


def maml_gradient(
    loss_fn: Callable[[Tensor, Any], Tensor], support: Any, query: Any, w: Tensor, lr: float
) -> Tensor:
    start = w.detach().clone().requires_grad_()
    (step,) = torch.autograd.grad(loss_fn(start, support), [start], create_graph=True)
    return torch.autograd.grad(loss_fn(torch.add(start, step, alpha=-lr), query), start)[0]
