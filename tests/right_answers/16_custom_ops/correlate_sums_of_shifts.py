"""
task: register_correlate
way: sums of slices in backward; each operand is saved only for the other
"""


def register_correlate(name):
    @custom_op(name, mutates_args=())
    def correlate(x: Tensor, w: Tensor) -> Tensor:
        values, weights = x.tolist(), w.tolist()
        rows = range(len(values) - len(weights) + 1)
        sums = [sum(values[i + j] * c for j, c in enumerate(weights)) for i in rows]
        return torch.tensor(sums, dtype=x.dtype, device=x.device)

    @torch.library.register_fake(name)
    def _(x, w):
        return x[: x.shape[0] - w.shape[0] + 1].clone()

    def setup_context(ctx, inputs, output):
        x, w = inputs
        to_x, to_w = ctx.needs_input_grad[:2]
        ctx.save_for_backward(x if to_w else None, w if to_x else None)
        ctx.sizes = len(x), len(w)

    def backward(ctx, g):
        x, w = ctx.saved_tensors
        n, m = ctx.sizes
        to_x = to_w = None
        if w is not None:
            to_x = sum(F.pad(g * w[j], (j, m - 1 - j)) for j in range(m))
        if x is not None:
            to_w = torch.stack([(x[j : j + len(g)] * g).sum() for j in range(m)])
        return to_x, to_w

    correlate.register_autograd(backward, setup_context=setup_context)
    return correlate
