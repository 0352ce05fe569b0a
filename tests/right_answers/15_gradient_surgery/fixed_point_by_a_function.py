"""
task: fixed_point
way: a Function that calls f once more in backward
"""


def fixed_point(f, theta, z, steps):
    z = z.detach()
    for _ in range(steps):
        z = f(z, theta.detach()).detach()

    class Implicit(Function):
        @staticmethod
        def forward(ctx, theta):
            ctx.save_for_backward(theta.detach(), z)
            return z.clone()

        @staticmethod
        def backward(ctx, v):
            theta, end = (t.detach().requires_grad_() for t in ctx.saved_tensors)
            with torch.enable_grad():
                again = f(end, theta)
            u = v
            for _ in range(steps):
                u = v + torch.autograd.grad(again, end, u, retain_graph=True)[0]
            return torch.autograd.grad(again, theta, u)[0]

    return Implicit.apply(theta)
