"""
task: gradient_check
says: calls torch.autograd.gradcheck.gradcheck, which this task asks to do without
"""


def gradient_check(f, x):
    return gradcheck(f, (x.detach().double().requires_grad_(),), raise_exception=False)
