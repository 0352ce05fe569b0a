"""
task: register_scaled_erf
says: changed in place after forward
"""


def register_scaled_erf(name):
    @custom_op(name, mutates_args=())
    def scaled_erf(x: Tensor, scale: float) -> Tensor:
        values = [math.erf(scale * value) for value in x.flatten().tolist()]
        return torch.tensor(values, dtype=x.dtype, device=x.device).reshape(x.shape)

    def setup_context(ctx, inputs, output):
        ctx.x, ctx.scale = inputs

    def backward(ctx, grad_output):
        slope = 2 / math.sqrt(math.pi) * ctx.scale * torch.exp(-((ctx.scale * ctx.x) ** 2))
        return grad_output * slope, None

    scaled_erf.register_autograd(backward, setup_context=setup_context)
    return scaled_erf
