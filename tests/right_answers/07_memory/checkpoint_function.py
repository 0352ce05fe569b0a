"""
task: checkpoint
way: a Function with an anchor that requires grad, whose backward runs the recomputed graph
"""


class _Recompute(torch.autograd.Function):
    @staticmethod
    def forward(ctx, anchor, fn, *args):
        ctx.fn = fn
        ctx.state = torch.get_rng_state()
        tensors = [a for a in args if isinstance(a, Tensor)]
        ctx.save_for_backward(*tensors)
        ctx.args = [None if isinstance(a, Tensor) else a for a in args]
        ctx.places = [i for i, a in enumerate(args) if isinstance(a, Tensor)]
        return fn(*args)

    @staticmethod
    def backward(ctx, grad_output):
        args = list(ctx.args)
        for place, t in zip(ctx.places, ctx.saved_tensors):
            args[place] = t.detach().requires_grad_(t.requires_grad)
        with torch.random.fork_rng(devices=[]), torch.enable_grad():
            torch.set_rng_state(ctx.state)
            y = ctx.fn(*args)
        if y.requires_grad:
            torch.autograd.backward(y, grad_output)
        return (None, None, *(a.grad if isinstance(a, Tensor) else None for a in args))


def checkpoint(fn, *args):
    if not torch.is_grad_enabled():
        return fn(*args)
    return _Recompute.apply(torch.empty(0, requires_grad=True), fn, *args)
