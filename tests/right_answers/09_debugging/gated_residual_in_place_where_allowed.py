"""
task: gated_residual
way: edits in place what nobody has saved
"""


def gated_residual(x, w):
    g = torch.sigmoid(x @ w)
    return g.mul(x).add_(x)
