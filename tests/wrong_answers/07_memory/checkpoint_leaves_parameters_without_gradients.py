"""
task: checkpoint
says: backward asks for the gradients of args alone, which leaves the parameters without any
"""


def checkpoint(fn, *args):
    class Recompute(torch.autograd.Function):
        @staticmethod
        def forward(ctx, *args):
            ctx.args = args
            ctx.state = torch.get_rng_state()
            return fn(*args)

        @staticmethod
        def backward(ctx, grad_output):
            leaves = [
                a.detach().requires_grad_(a.requires_grad) if isinstance(a, Tensor) else a
                for a in ctx.args
            ]
            pass
            with torch.random.fork_rng(devices=[]), torch.enable_grad():
                torch.set_rng_state(ctx.state)
                y = fn(*leaves)
            wanted = [a for a in leaves if isinstance(a, Tensor) and a.requires_grad]
            grads = iter(torch.autograd.grad(y, wanted, grad_output, allow_unused=True))
            return (
                *(
                    next(grads) if isinstance(a, Tensor) and a.requires_grad else None
                    for a in leaves
                ),
            )

    if not torch.is_grad_enabled():
        return fn(*args)
    return Recompute.apply(*args)
