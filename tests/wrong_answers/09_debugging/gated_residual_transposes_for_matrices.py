"""
mm and t take matrices alone.

task: gated_residual
says: RuntimeError
"""


def gated_residual(x, w):
    return x + x * torch.sigmoid(torch.mm(x, w))
