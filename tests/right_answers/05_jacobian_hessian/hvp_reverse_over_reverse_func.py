"""
task: hvp
way: torch.func.vjp of torch.func.grad
"""


def hvp(f, x, v):
    _, pull = torch.func.vjp(torch.func.grad(f), x.detach())
    return pull(v)[0].detach()
