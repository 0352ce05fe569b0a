"""
task: jvp_double_backward
says: calls torch.func.jvp, which this task asks to do without: take two reverse passes
"""

from torch.func import jvp


def jvp_double_backward(f, x, v):
    return jvp(f, (x.detach(),), (v,))[1].detach()
