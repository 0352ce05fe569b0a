"""
task: fixed_point
says: NaN and infinity are made numbers: let them through
"""


def fixed_point(f, theta, z, steps):
    for _ in range(steps):
        z = f(z, theta.detach()).detach().nan_to_num()
    if not (torch.is_grad_enabled() and theta.requires_grad):
        return z
    leaf = z.clone().requires_grad_()
    one_step = f(leaf, theta.detach())

    def solve(v):
        u = v
        for _ in range(steps):
            (back,) = torch.autograd.grad(one_step, leaf, u, retain_graph=True)
            u = v + back
        return u

    carrier = f(z, theta)
    carrier.register_hook(solve)
    return z + (carrier - carrier.detach())
