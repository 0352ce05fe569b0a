"""
task: fixed_point
says: steps
"""


def fixed_point(f, theta, z, steps):
    z = z.detach()
    for _ in range(steps):
        new = f(z, theta.detach()).detach()
        close = torch.allclose(new, z, atol=1e-6)
        z = new
        if close:
            break
    if not (torch.is_grad_enabled() and theta.requires_grad):
        return z
    zin = z.clone().requires_grad_()
    aside = f(zin, theta.detach())
    carrier = f(z, theta).clone()

    def solve(v):
        u = v
        for _ in range(steps):
            u = v + torch.autograd.grad(aside, zin, u, retain_graph=True)[0]
        return u

    carrier.register_hook(solve)
    return z + (carrier - carrier.detach())
