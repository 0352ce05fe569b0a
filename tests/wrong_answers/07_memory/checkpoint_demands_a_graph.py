"""
task: checkpoint
says: in backward, where fn detaches its result
says: it raises RuntimeError: element 0 of tensors does not require grad
"""


class _Recompute(torch.autograd.Function):
    @staticmethod
    def forward(ctx, anchor, fn, *args):
        ctx.fn, ctx.args = fn, args
        ctx.state = torch.get_rng_state()
        return fn(*args)

    @staticmethod
    def backward(ctx, grad_output):
        args = [
            a.detach().requires_grad_(a.requires_grad) if isinstance(a, Tensor) else a
            for a in ctx.args
        ]
        with torch.random.fork_rng(devices=[]), torch.enable_grad():
            torch.set_rng_state(ctx.state)
            y = ctx.fn(*args)
        torch.autograd.backward(y, grad_output)
        return (None, None, *(getattr(a, "grad", None) for a in args))


def checkpoint(fn, *args):
    if not torch.is_grad_enabled():
        return fn(*args)
    return _Recompute.apply(torch.empty(0, requires_grad=True), fn, *args)
