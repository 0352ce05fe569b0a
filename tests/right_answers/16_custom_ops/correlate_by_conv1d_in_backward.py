"""
task: register_correlate
way: backward by conv1d, forward by sums in NumPy
"""


def register_correlate(name):
    def kernel(x: Tensor, w: Tensor) -> Tensor:
        rows = np.lib.stride_tricks.sliding_window_view(x.cpu().numpy(), len(w))
        return torch.from_numpy(rows @ w.cpu().numpy()).to(x.device)

    op = custom_op(name, kernel, mutates_args=())
    op.register_fake(lambda x, w: x.new_empty(x.numel() - w.numel() + 1))

    def keep(ctx, inputs, output):
        ctx.save_for_backward(*inputs)

    def backward(ctx, g):
        x, w = ctx.saved_tensors
        to_x, to_w = ctx.needs_input_grad[:2]
        g = g.reshape(1, 1, -1)
        return (
            F.conv_transpose1d(g, w.reshape(1, 1, -1)).reshape(-1) if to_x else None,
            F.conv1d(x.reshape(1, 1, -1), g).reshape(-1) if to_w else None,
        )

    op.register_autograd(backward, setup_context=keep)
    return op
