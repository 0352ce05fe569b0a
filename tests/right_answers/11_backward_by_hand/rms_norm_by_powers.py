"""
task: rms_norm_backward
way: the quotient rule on x/r, with r the root
"""


def rms_norm_backward(grad_output, x, weight, eps):
    root = (x.square().mean(-1, keepdim=True) + eps).sqrt()
    g = grad_output if weight is None else grad_output * weight
    along = (g * x).sum(-1, keepdim=True) / x.shape[-1]
    grad_x = g / root - x * (along / root**3)
    if weight is None:
        return grad_x, None
    return grad_x, torch.einsum(
        "ni,ni->i",
        grad_output.flatten(0, -2) if x.ndim > 1 else grad_output[None],
        (x / root).reshape(-1, x.shape[-1]),
    )
