"""
task: checkpoint
way: a Function made inside, whose output hangs on a sum of zeros; puts the state back by hand
"""


def checkpoint(fn, *args):
    if not torch.is_grad_enabled():
        return fn(*args)

    class Again(torch.autograd.Function):
        @staticmethod
        def forward(ctx, anchor, *inputs):
            ctx.inputs = inputs
            ctx.state = torch.random.get_rng_state()
            with torch.no_grad():
                return fn(*inputs)

        @staticmethod
        def backward(ctx, grad_output):
            def leaf(a):
                if isinstance(a, Tensor) and a.requires_grad:
                    return a.detach().requires_grad_()
                return a

            leaves = [leaf(a) for a in ctx.inputs]
            now = torch.random.get_rng_state()
            torch.random.set_rng_state(ctx.state)
            try:
                with torch.enable_grad():
                    y = fn(*leaves)
            finally:
                torch.random.set_rng_state(now)
            if y.requires_grad:
                y.backward(grad_output)
            return None, *[getattr(a, "grad", None) for a in leaves]

    return Again.apply(torch.zeros(1, requires_grad=True), *args)
