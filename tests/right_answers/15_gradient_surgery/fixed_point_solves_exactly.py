"""
task: fixed_point
way: the Jacobian, row by row, and torch.linalg.solve
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
        units = torch.eye(len(v), dtype=v.dtype, device=v.device)
        rows = [torch.autograd.grad(one_step, leaf, unit, retain_graph=True)[0] for unit in units]
        jacobian = torch.stack(rows)
        return torch.linalg.solve(units - jacobian.T, v)

    carrier = f(z, theta)
    carrier.register_hook(solve)
    return z + (carrier - carrier.detach())
