"""
task: register_scaled_erf
way: registers by name, and asks only for what is needed
"""


def register_scaled_erf(name):
    @custom_op(name, mutates_args=(), device_types=None)
    def op(x: Tensor, scale: float) -> Tensor:
        result = x.new_empty(x.shape)
        flat = [math.erf(scale * v) for v in x.reshape(-1).tolist()]
        return result.copy_(torch.tensor(flat, dtype=torch.float64).reshape(x.shape))

    def setup(ctx, inputs, output):
        ctx.scale = inputs[1]
        ctx.save_for_backward(inputs[0])

    def backward(ctx, g):
        if not ctx.needs_input_grad[0]:
            return None, None
        z = ctx.scale * ctx.saved_tensors[0]
        return g.mul(ctx.scale).mul(torch.exp(-z * z)).div(math.sqrt(math.pi) / 2), None

    torch.library.register_autograd(name, backward, setup_context=setup)
    return op
