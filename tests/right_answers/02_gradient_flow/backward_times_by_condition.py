"""
task: backward_times_
way: retain_graph as a condition
"""


def backward_times_(loss, n):
    for i in range(n):
        loss.backward(retain_graph=i < n - 1)
