"""
task: det2_gradient
says: calls torch's inverse, which this task asks to do without: work out the four partial derivatives by hand
"""


def det2_gradient(a):
    a = a.detach()
    return (a[0, 0] * a[1, 1] - a[0, 1] * a[1, 0]) * a.inverse().T
