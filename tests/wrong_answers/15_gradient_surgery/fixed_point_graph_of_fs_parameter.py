"""
task: fixed_point
says: a parameter of f do
"""


def fixed_point(f, theta, z, steps):
    z = z.detach()
    for _ in range(steps):
        z = f(z, theta.detach()).detach()
    zin = z.clone().requires_grad_()
    aside = f(zin, theta.detach())
    carrier = f(z, theta).clone()

    def solve(v):
        u = v
        for _ in range(steps):
            u = v + torch.autograd.grad(aside, zin, u, retain_graph=True)[0]
        return u

    if carrier.requires_grad:
        carrier.register_hook(solve)
    return z + (carrier - carrier.detach())
