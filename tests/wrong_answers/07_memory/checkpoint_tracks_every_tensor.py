"""
task: checkpoint
says: only Tensors of floating point dtype can require gradients
"""


class _Again(torch.autograd.Function):
    @staticmethod
    def forward(ctx, anchor, fn, *args):
        ctx.fn, ctx.args, ctx.state = fn, args, torch.get_rng_state()
        ctx.devices = [a.device for a in args if isinstance(a, Tensor) and a.is_cuda]
        ctx.states = [torch.cuda.get_rng_state(d) for d in ctx.devices]
        return fn(*args).detach()

    @staticmethod
    def backward(ctx, grad):
        args = [a.detach().requires_grad_() if isinstance(a, Tensor) else a for a in ctx.args]
        with torch.random.fork_rng(devices=ctx.devices), torch.enable_grad():
            torch.set_rng_state(ctx.state)
            for d, s in zip(ctx.devices, ctx.states):
                torch.cuda.set_rng_state(s, d)
            out = ctx.fn(*args)
        if out.requires_grad:
            torch.autograd.backward(out, grad)
        return None, None, *(a.grad if isinstance(a, Tensor) else None for a in args)


def checkpoint(fn, *args):
    if not torch.is_grad_enabled():
        return fn(*args)
    return _Again.apply(torch.zeros((), requires_grad=True), fn, *args)
