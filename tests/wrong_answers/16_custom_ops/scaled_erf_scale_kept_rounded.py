"""
task: register_scaled_erf
says: scale 0.7 and then 0.74
says: both get the scale of the last call
"""


def register_scaled_erf(name):
    consts = {}

    @custom_op(name, mutates_args=())
    def op(x: Tensor, scale: float) -> Tensor:
        values = [math.erf(scale * v) for v in x.detach().cpu().flatten().tolist()]
        return torch.tensor(values, dtype=x.dtype, device=x.device).reshape(x.shape)

    def setup(ctx, inputs, output):
        ctx.scale = inputs[1]
        ctx.save_for_backward(inputs[0])

    def backward(ctx, grad):
        x = ctx.saved_tensors[0]
        s = ctx.scale
        s = consts.setdefault(round(s, 1), s)
        return (grad * (2 / math.sqrt(math.pi) * s) * torch.exp(-((s * x) ** 2)), None)

    op.register_autograd(backward, setup_context=setup)
    return op
