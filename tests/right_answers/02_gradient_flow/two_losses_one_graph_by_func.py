"""
task: two_losses_one_graph
way: torch.func.vjp of f, and torch.func.grad of each loss
"""


def two_losses_one_graph(f, l1, l2, x):
    y, pull = torch.func.vjp(f, x.detach())
    cotangents = [torch.func.grad(loss)(y.detach()) for loss in (l1, l2)]
    return tuple(pull(cotangent)[0].detach() for cotangent in cotangents)
