"""
task: register_correlate
says: differentiated by what came in, x being frozen
"""


def register_correlate(name: str) -> CustomOpDef:
    @custom_op(name, mutates_args=())
    def op(x: Tensor, w: Tensor) -> Tensor:
        return torch.from_numpy(np.correlate(x.numpy(force=True), w.numpy(force=True), "valid")).to(
            x.device
        )

    @op.register_fake
    def _(x, w):
        return x.new_empty(x.shape[0] - w.shape[0] + 1)

    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(*inputs)

    def backward(ctx, g):
        if not ctx.needs_input_grad[0]:
            g = g.detach()
        x, w = ctx.saved_tensors
        gx = gw = None
        m = w.shape[0]
        if ctx.needs_input_grad[0]:
            gx = op(F.pad(g, (m - 1, m - 1)), w.flip(0))
        if ctx.needs_input_grad[1]:
            gw = op(x, g)
        return gx, gw

    op.register_autograd(backward, setup_context=setup_context)
    return op
