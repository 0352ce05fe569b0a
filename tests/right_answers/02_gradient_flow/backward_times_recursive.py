"""
task: backward_times_
way: recursion, through torch.autograd.backward
"""


def backward_times_(loss, n):
    torch.autograd.backward(loss, retain_graph=n > 1)
    if n > 1:
        backward_times_(loss, n - 1)
