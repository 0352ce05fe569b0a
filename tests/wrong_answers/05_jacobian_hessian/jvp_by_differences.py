"""
task: jvp_double_backward
says: f is measured at nearby points, and autograd is not asked
"""


def jvp_double_backward(f, x, v):
    with torch.no_grad():
        return (f(x + 1e-6 * v) - f(x - 1e-6 * v)) / 2e-6
