"""
task: reverse_gradient
says: cut from the graph
"""


def reverse_gradient(x, strength):
    return x.detach()
