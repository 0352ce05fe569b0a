"""
task: check_mul_backward
says: · the incoming gradient is left out
lets: 1 3 6 9 12 16-23
"""


def check_mul_backward(backward):
    for a, b in [
        ((4, 1), (4, 3)),
        ((3,), (4, 3)),
        ((), (2, 3)),
        ((1, 3), (4, 3)),
        ((1, 3), (1, 3)),
        ((2, 4, 1), (1, 3)),
    ]:
        for shape_x, shape_y in [(a, b), (b, a)]:
            x, y = _random(*shape_x), _random(*shape_y)
            grad_x, grad_y = backward(torch.randn_like(x * y), x, y)
            assert grad_x.shape == x.shape, "the shape of x's gradient"
            assert grad_y.shape == y.shape, "the shape of y's gradient"
