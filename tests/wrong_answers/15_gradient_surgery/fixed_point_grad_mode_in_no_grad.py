"""
task: fixed_point
says: leave it off
"""


class _Implicit(Function):
    @staticmethod
    def forward(ctx, theta, z_star, f, steps):
        ctx.save_for_backward(theta, z_star)
        ctx.f, ctx.steps = f, steps
        return z_star.clone()

    @staticmethod
    def backward(ctx, v):
        theta, z_star = ctx.saved_tensors
        with torch.enable_grad():
            th, z = theta.detach().requires_grad_(), z_star.detach().requires_grad_()
            out = ctx.f(z, th)
        u = v
        for _ in range(ctx.steps):
            u = v + torch.autograd.grad(out, z, u, retain_graph=True)[0]
        return torch.autograd.grad(out, th, u)[0], None, None, None


def fixed_point(f, theta, z, steps):
    constant = theta.detach()
    z = z.detach()
    with torch.enable_grad():
        for _ in range(steps):
            z = f(z, constant).detach()
    if not (theta.requires_grad and torch.is_grad_enabled()):
        return z
    return _Implicit.apply(theta, z, f, steps)
