"""
task: gated_residual
says: exp(1000) is infinite
"""


def gated_residual(x: Tensor, w: Tensor) -> Tensor:
    gate = 1 / (1 + torch.exp(-(x @ w)))
    return x + x * gate
