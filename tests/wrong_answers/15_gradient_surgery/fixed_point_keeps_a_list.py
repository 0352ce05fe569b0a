"""
task: fixed_point
says: live on after 10 steps
"""


def fixed_point(f, theta, z, steps):
    path = [z.detach()]
    for _ in range(steps):
        path.append(f(path[-1], theta.detach()).detach())
    if not (torch.is_grad_enabled() and theta.requires_grad):
        return path[-1]
    zin = path[-1].clone().requires_grad_()
    aside = f(zin, theta.detach())
    carrier = f(path[-1], theta).clone()

    def solve(v):
        u = v
        for _ in path[1:]:
            u = v + torch.autograd.grad(aside, zin, u, retain_graph=True)[0]
        return u

    carrier.register_hook(solve)
    return path[-1] + (carrier - carrier.detach())
