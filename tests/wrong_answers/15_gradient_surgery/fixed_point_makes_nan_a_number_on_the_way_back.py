"""
task: fixed_point
says: the gradient for theta, where NaN comes in
"""


def fixed_point(f, theta, z, steps):
    for _ in range(steps):
        z = f(z, theta.detach()).detach()
    if not (torch.is_grad_enabled() and theta.requires_grad):
        return z
    leaf = z.clone().requires_grad_()
    one_step = f(leaf, theta.detach())

    def solve(v):
        u = v.nan_to_num()
        for _ in range(steps):
            (back,) = torch.autograd.grad(one_step, leaf, u, retain_graph=True)
            u = (v + back).nan_to_num()
        return u

    carrier = f(z, theta)
    carrier.register_hook(solve)
    return z + (carrier - carrier.detach())
