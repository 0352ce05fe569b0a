"""
task: backward_times_
says: ran 1 times for n = 3
"""


def backward_times_(loss, n):
    loss.backward(gradient=torch.full_like(loss, n))
