"""
task: register_scaled_erf
says: x being transposed
"""


def register_scaled_erf(name):

    @custom_op(name, mutates_args=())
    def op(x: Tensor, scale: float) -> Tensor:
        values = [math.erf(scale * v) for v in x.detach().cpu().flatten().tolist()]
        return torch.tensor(
            [math.erf(scale * v) for v in x.numpy(force=True).ravel(order="K").tolist()],
            dtype=x.dtype,
            device=x.device,
        ).reshape(x.shape)

    def setup(ctx, inputs, output):
        ctx.scale = inputs[1]
        ctx.save_for_backward(inputs[0])

    def backward(ctx, grad):
        x = ctx.saved_tensors[0]
        s = ctx.scale
        return (grad * (2 / math.sqrt(math.pi) * s) * torch.exp(-((s * x) ** 2)), None)

    op.register_autograd(backward, setup_context=setup)
    return op
