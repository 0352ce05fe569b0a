"""
task: backward_times_
says: Trying to backward through the graph a second time
"""


def backward_times_(loss, n):
    for _ in range(n):
        loss.backward()
