"""
.data silences the error; the gradient is wrong.

task: gated_residual
says: the gate is edited through .data
"""


def gated_residual(x, w):
    g = torch.sigmoid(x @ w)
    g.data.mul_(x)
    g.data.add_(x)
    return g
