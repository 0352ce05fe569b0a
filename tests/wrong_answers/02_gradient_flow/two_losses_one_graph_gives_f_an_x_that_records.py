"""
task: two_losses_one_graph
says: f is given x itself, where it is a constant too
"""


def two_losses_one_graph(
    f: Callable[[Tensor], Tensor],
    l1: Callable[[Tensor], Tensor],
    l2: Callable[[Tensor], Tensor],
    x: Tensor,
) -> tuple[Tensor, Tensor]:
    leaf = x if x.requires_grad else x.detach().requires_grad_()
    y = f(leaf)
    (g1,) = torch.autograd.grad(l1(y), leaf, retain_graph=True)
    (g2,) = torch.autograd.grad(l2(y), leaf)
    return g1.detach(), g2.detach()
