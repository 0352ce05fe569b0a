"""
.data for the last edit alone.

task: gated_residual
says: the x that is added is cut off
"""


def gated_residual(x, w):
    g = torch.sigmoid(x @ w) * x
    g.data.add_(x)
    return g
