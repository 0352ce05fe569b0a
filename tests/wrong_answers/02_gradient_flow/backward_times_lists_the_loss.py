"""
task: backward_times_
says: ran 1 times for n = 3
"""


def backward_times_(loss, n):
    torch.autograd.backward([loss] * n)
