"""
task: fixed_point
says: ends after too few rounds, 5
"""


def fixed_point(f, theta, z, steps):
    z = z.detach()
    for _ in range(steps):
        z = f(z, theta.detach()).detach()
    if not (torch.is_grad_enabled() and theta.requires_grad):
        return z
    leaf = z.clone().requires_grad_()
    one_step = f(leaf, theta.detach())

    def solve(v):
        u = v
        for _ in range(5):
            u = v + torch.autograd.grad(one_step, leaf, u, retain_graph=True)[0]
        return u

    carrier = f(z, theta)
    carrier.register_hook(solve)
    return z + (carrier - carrier.detach())
