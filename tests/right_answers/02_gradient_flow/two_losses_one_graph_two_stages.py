"""
task: two_losses_one_graph
way: differentiates each loss down to a cut at f(x) first, and then pulls both cotangents through f.
"""


def two_losses_one_graph(
    f: Callable[[Tensor], Tensor],
    l1: Callable[[Tensor], Tensor],
    l2: Callable[[Tensor], Tensor],
    x: Tensor,
) -> tuple[Tensor, Tensor]:
    with torch.enable_grad():
        leaf = x.detach().clone().requires_grad_()
        y = f(leaf)
        cut = y.detach().requires_grad_()
        v1, v2 = (torch.autograd.grad(loss(cut), cut)[0] for loss in (l1, l2))
    (g1,) = torch.autograd.grad(y, leaf, v1, retain_graph=True)
    (g2,) = torch.autograd.grad(y, leaf, v2)
    return g1.detach(), g2.detach()
