"""
task: backward_times_
says: the graph is still there
"""


def backward_times_(loss, n):
    for _ in range(n):
        loss.backward(retain_graph=True)
