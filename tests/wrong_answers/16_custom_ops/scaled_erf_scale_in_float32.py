"""
task: register_scaled_erf
says: agree to the precision of float32
"""


def register_scaled_erf(name):
    @custom_op(name, mutates_args=())
    def scaled_erf(x: Tensor, scale: float) -> Tensor:
        values = [math.erf(scale * value) for value in x.flatten().tolist()]
        return torch.tensor(values, dtype=x.dtype, device=x.device).reshape(x.shape)

    def setup_context(ctx, inputs, output):
        x, scale = inputs
        ctx.save_for_backward(x, torch.tensor(scale))

    def backward(ctx, grad_output):
        x, scale = ctx.saved_tensors
        slope = 2 / math.sqrt(math.pi) * scale.to(x) * torch.exp(-((scale.to(x) * x) ** 2))
        return grad_output * slope, None

    scaled_erf.register_autograd(backward, setup_context=setup_context)
    return scaled_erf
