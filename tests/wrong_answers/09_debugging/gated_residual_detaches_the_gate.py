"""
detach silences the error, and the gate's gradient with it.

task: gated_residual
says: the gate is cut off with detach()
"""


def gated_residual(x, w):
    g = torch.sigmoid(x @ w).detach()
    return x + x * g
