"""
task: register_scaled_erf
way: the product is saved, and erf by NumPy; the scale is a saved tensor
"""


def register_scaled_erf(name):
    def scaled_erf(x: Tensor, scale: float) -> Tensor:
        values = np.vectorize(math.erf, otypes=[float])(scale * x.detach().cpu().numpy())
        return torch.as_tensor(values, dtype=x.dtype).to(x.device)

    def keep(ctx, inputs, output):
        ctx.save_for_backward(inputs[0], torch.full_like(inputs[0], inputs[1]))

    def backward(ctx, g):
        x, scale = ctx.saved_tensors
        return g * torch.exp(-(x * scale).square()) * scale * (4 / math.pi) ** 0.5, None

    op = custom_op(name, scaled_erf, mutates_args=())
    op.register_autograd(backward, setup_context=keep)
    return op
