"""
task: backward_times_
says: backward runs n - 1 times
"""


def backward_times_(loss, n):
    for _ in range(n - 1):
        loss.backward(retain_graph=True)
