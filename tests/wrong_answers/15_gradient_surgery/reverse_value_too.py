"""
task: reverse_gradient
says: Yours is torch's times -0.1
"""


def reverse_gradient(x, strength):
    return -strength * x
