"""
task: fixed_point
says: perhaps by a tolerance
"""


def fixed_point(f, theta, z, steps):
    z = z.detach()
    for _ in range(steps):
        z = f(z, theta.detach()).detach()
    if not (torch.is_grad_enabled() and theta.requires_grad):
        return z
    zin = z.clone().requires_grad_()
    aside = f(zin, theta.detach())
    through = f(z, theta)
    carrier = through.clone()

    def solve(v):
        u = v
        for _ in range(steps):
            new = v + torch.autograd.grad(aside, zin, u, retain_graph=True)[0]
            if (new - u).abs().max() < 1e-8:
                return new
            u = new
        return u

    carrier.register_hook(solve)
    return z + (carrier - carrier.detach())
