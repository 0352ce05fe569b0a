"""
task: checkpoint
says: zeros are given where there is no gradient
"""


def checkpoint(fn, *args):
    if not torch.is_grad_enabled():
        return fn(*args)
    state = torch.get_rng_state()

    class C(torch.autograd.Function):
        @staticmethod
        def forward(ctx, dummy, *args):
            ctx.args = args
            with torch.no_grad():
                return fn(*args)

        @staticmethod
        def backward(ctx, g):
            args = [
                a.detach().requires_grad_(a.requires_grad) if isinstance(a, Tensor) else a
                for a in ctx.args
            ]
            with torch.random.fork_rng([]), torch.enable_grad():
                torch.set_rng_state(state)
                y = fn(*args)
                if y.requires_grad:
                    torch.autograd.backward(y, g)
            return (
                None,
                *[
                    (torch.zeros_like(a) if a.grad is None else a.grad)
                    if isinstance(a, Tensor) and a.requires_grad
                    else None
                    for a in args
                ],
            )

    return C.apply(torch.empty(0, requires_grad=True), *args)
