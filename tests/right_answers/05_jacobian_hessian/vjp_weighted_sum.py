"""
task: vjp
way: the gradient of the sum of v times f(x)
"""


@torch.enable_grad()
def vjp(f, x, v):
    x = x.clone().detach().requires_grad_()
    y = f(x)
    total = (y * v.detach()).sum() + 0 * x.sum()
    (g,) = torch.autograd.grad(total, x)
    return y.detach(), g.detach()
