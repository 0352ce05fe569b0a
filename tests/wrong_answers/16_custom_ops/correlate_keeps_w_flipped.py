"""
task: register_correlate
says: written to since a first call
"""


def register_correlate(name):
    kept = {}

    @custom_op(name, mutates_args=())
    def op(x: Tensor, w: Tensor) -> Tensor:
        x_, w_ = (x.numpy(force=True), w.numpy(force=True))
        return torch.from_numpy(np.correlate(x_, w_, "valid").copy()).to(x.device)

    op.register_fake(lambda x, w: x.new_empty(x.shape[0] - w.shape[0] + 1))

    def setup(ctx, inputs, output):
        ctx.save_for_backward(*inputs)

    def backward(ctx, g):
        x, w = ctx.saved_tensors
        m = w.shape[0]
        need_x, need_w = ctx.needs_input_grad
        f = kept.setdefault((w.data_ptr(), m), w.flip(0))
        return (op(F.pad(g, (m - 1, m - 1)), f) if need_x else None, op(x, g) if need_w else None)

    op.register_autograd(backward, setup_context=setup)
    return op
