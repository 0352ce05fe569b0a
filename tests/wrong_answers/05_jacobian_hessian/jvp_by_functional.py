"""
task: jvp_double_backward
says: calls torch.autograd.functional.jvp, which this task asks to do without
"""


def jvp_double_backward(f, x, v):
    return torch.autograd.functional.jvp(f, x, v)[1]
