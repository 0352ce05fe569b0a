"""
task: backward_times_
says: backward runs twice at most
"""


def backward_times_(loss, n):
    if n > 1:
        loss.backward(retain_graph=True)
        n -= 1
    loss.backward()
