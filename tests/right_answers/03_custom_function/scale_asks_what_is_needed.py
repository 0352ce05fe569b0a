"""
task: Scale
way: k as a saved 0-d tensor, gradient only if asked for, trailing None
"""


class Scale(Function):
    @staticmethod
    def forward(ctx, x, k):
        ctx.save_for_backward(torch.as_tensor(k, dtype=x.dtype, device=x.device))
        return torch.mul(x, k)

    @staticmethod
    def backward(ctx, grad_output):
        (k,) = ctx.saved_tensors
        return (grad_output * k if ctx.needs_input_grad[0] else None), None, None
