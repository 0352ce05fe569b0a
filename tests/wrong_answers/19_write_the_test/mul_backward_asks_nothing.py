"""
task: check_mul_backward
says: 0 of 24 faults are caught.
lets: 1-24
"""


def check_mul_backward(backward):
    for a, b in [((4, 1), (2, 1, 3)), ((), (2,)), ((1, 3), (4, 3)), ((2, 3), (2, 3)), ((), ())]:
        for shape_x, shape_y in [(a, b), (b, a)]:
            x, y = _random(*shape_x), _random(*shape_y)
            grad_x, grad_y = backward(torch.randn_like(x * y), x, y)
