"""
task: fixed_point
says: what came in, after backward
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

    class Solve(Function):
        @staticmethod
        def forward(ctx, t):
            return z.clone()

        @staticmethod
        def backward(ctx, v):
            term = v.clone()
            for _ in range(steps):
                (term,) = torch.autograd.grad(aside, zin, term, retain_graph=True)
                v += term
            return v

    return Solve.apply(through)
