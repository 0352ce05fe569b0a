"""
task: register_correlate
says: compute nothing of the frozen one's gradient
"""


def register_correlate(name):
    @custom_op(name, mutates_args=())
    def correlate(x: Tensor, w: Tensor) -> Tensor:
        values = np.correlate(x.numpy(force=True), w.numpy(force=True), "valid")
        return torch.tensor(values, device=x.device)

    @correlate.register_fake
    def _(x, w):
        return x.new_empty(x.shape[0] - w.shape[0] + 1)

    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(*inputs)

    def backward(ctx, grad_output):
        x, w = ctx.saved_tensors
        grad_x = None
        if ctx.needs_input_grad[0]:
            around = w.shape[0] - 1
            grad_x = correlate(F.pad(grad_output, (around, around)), w.flip(0))
        return grad_x, correlate(x, grad_output)

    correlate.register_autograd(backward, setup_context=setup_context)
    return correlate
