"""
task: register_correlate
says: the gradient of the gradient
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
        g = grad_output.numpy(force=True)
        around = w.shape[0] - 1
        grad_x = np.correlate(np.pad(g, around), w.flip(0).numpy(force=True), "valid")
        grad_w = np.correlate(x.numpy(force=True), g, "valid")
        return torch.tensor(grad_x).to(x.device), torch.tensor(grad_w).to(x.device)

    correlate.register_autograd(backward, setup_context=setup_context)
    return correlate
