"""
task: maml_gradient
way: the explicit product with the Hessian, guarded twice
"""


def maml_gradient(
    loss_fn: Callable[[Tensor, Any], Tensor], support: Any, query: Any, w: Tensor, lr: float
) -> Tensor:
    # q - lr H q, with q the gradient of the query loss after the step.
    before = w.detach().requires_grad_()
    (g,) = torch.autograd.grad(loss_fn(before, support), before, create_graph=True)
    after = (before.detach() - lr * g.detach()).requires_grad_()
    (q,) = torch.autograd.grad(loss_fn(after, query), after)
    if not g.requires_grad:
        return q
    (hq,) = torch.autograd.grad(g, before, q, allow_unused=True)
    return q if hq is None else q - lr * hq
