"""
task: backward_times_
says: ran 1 times for n = 3
says: run backward n times
"""


def backward_times_(loss, n):
    (n * loss).backward()
