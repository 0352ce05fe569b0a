"""
The version of the docstring.

task: gated_residual
says: in backward, it raises RuntimeError
says: modified by an inplace operation
"""


def gated_residual(x, w):
    g = torch.sigmoid(x @ w)
    g.mul_(x)
    g.add_(x)
    return g
