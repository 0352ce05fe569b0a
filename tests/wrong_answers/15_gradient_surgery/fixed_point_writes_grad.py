"""
task: fixed_point
says: .grad
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
        for _ in range(steps):
            leaf.grad = None
            one_step.backward(u, retain_graph=True)
            u = v + leaf.grad
        return u

    carrier = f(z, theta)
    carrier.register_hook(solve)
    return z + (carrier - carrier.detach())
