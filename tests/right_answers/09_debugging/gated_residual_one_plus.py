"""
task: gated_residual
way: x times one plus the gate, edited in place on a copy
"""


def gated_residual(x, w):
    gate = torch.sigmoid(x @ w).clone()
    gate.add_(1)
    return x * gate
