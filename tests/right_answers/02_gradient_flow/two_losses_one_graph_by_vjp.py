"""
task: two_losses_one_graph
way: torch.func.vjp
"""


def two_losses_one_graph(f, l1, l2, x):
    y, pull = torch.func.vjp(f, x.detach())
    y = y.detach()
    return tuple(pull(torch.func.grad(loss)(y))[0].detach() for loss in (l1, l2))
