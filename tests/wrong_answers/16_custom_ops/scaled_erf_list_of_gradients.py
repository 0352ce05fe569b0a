"""
task: register_scaled_erf
says: return a tuple of two
"""


def register_scaled_erf(name):
    @custom_op(name, mutates_args=())
    def scaled_erf(x: Tensor, scale: float) -> Tensor:
        values = [math.erf(scale * value) for value in x.flatten().tolist()]
        return torch.tensor(values, dtype=x.dtype, device=x.device).reshape(x.shape)

    def setup_context(ctx, inputs, output):
        x, ctx.scale = inputs
        ctx.save_for_backward(x)

    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        slope = 2 / math.sqrt(math.pi) * ctx.scale * torch.exp(-((ctx.scale * x) ** 2))
        return [grad_output * slope, None]

    scaled_erf.register_autograd(backward, setup_context=setup_context)
    return scaled_erf
