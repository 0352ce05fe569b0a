"""
The edits run under no_grad: the graph does not know of them.

task: gated_residual
says: in backward, it raises RuntimeError
"""


def gated_residual(x, w):
    g = torch.sigmoid(x @ w)
    with torch.no_grad():
        g.mul_(x)
        g.add_(x)
    return g
