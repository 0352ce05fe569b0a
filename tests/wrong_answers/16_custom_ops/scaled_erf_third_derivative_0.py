"""
task: register_scaled_erf
says: the third derivative
says: the slope has no graph
"""


def register_scaled_erf(name):
    class Slope(torch.autograd.Function):
        @staticmethod
        def forward(ctx, g, x, scale):
            ctx.save_for_backward(g, x)
            ctx.scale = scale
            return g * 2 / math.sqrt(math.pi) * scale * torch.exp(-((scale * x) ** 2))

        @staticmethod
        def backward(ctx, h):
            g, x = ctx.saved_tensors
            with torch.no_grad():
                slope = 2 / math.sqrt(math.pi) * ctx.scale * torch.exp(-((ctx.scale * x) ** 2))
                return h * slope, -2 * ctx.scale**2 * x * slope * g * h, None

    @custom_op(name, mutates_args=())
    def scaled_erf(x: Tensor, scale: float) -> Tensor:
        values = [math.erf(scale * value) for value in x.flatten().tolist()]
        return torch.tensor(values, dtype=x.dtype, device=x.device).reshape(x.shape)

    def setup_context(ctx, inputs, output):
        x, ctx.scale = inputs
        ctx.save_for_backward(x)

    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        return Slope.apply(grad_output, x, ctx.scale), None

    scaled_erf.register_autograd(backward, setup_context=setup_context)
    return scaled_erf
