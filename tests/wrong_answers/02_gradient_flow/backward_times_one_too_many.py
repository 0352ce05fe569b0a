"""
task: backward_times_
says: backward runs n + 1 times
"""


def backward_times_(loss, n):
    for _ in range(n):
        loss.backward(retain_graph=True)
    loss.backward()
