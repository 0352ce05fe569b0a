"""
task: gated_residual
way: edits a clone of what sigmoid keeps
"""


def gated_residual(x: Tensor, w: Tensor) -> Tensor:
    g = torch.sigmoid(x @ w).clone()  # the clone may be edited: sigmoid keeps its own result
    g.mul_(x)
    g.add_(x)
    return g
