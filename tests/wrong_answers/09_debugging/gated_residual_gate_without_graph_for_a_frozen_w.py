"""
task: gated_residual
says: the gradient for x, which alone requires grad
"""


def gated_residual(x: Tensor, w: Tensor) -> Tensor:
    with torch.set_grad_enabled(torch.is_grad_enabled() and w.requires_grad):
        g = torch.sigmoid(x @ w)
    return x + x * g
