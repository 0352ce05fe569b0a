"""
task: hvp
says: hvp calls torch.autograd.functional.hvp, which this task asks to do without: differentiate the gradient
"""

from torch.autograd import functional as AF


def hvp(f, x, v):
    return AF.hvp(f, x, v)[1]
