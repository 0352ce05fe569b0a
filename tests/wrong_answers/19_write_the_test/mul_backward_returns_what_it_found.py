"""
task: check_mul_backward
says: your check returns True where it is to return None
"""


def check_mul_backward(backward):
    x, y, v = _random(4, 1), _random(3), _random(4, 3)
    grad_x, grad_y = backward(v, x, y)
    return grad_x.shape == x.shape and grad_y.shape == y.shape
