"""
task: check_mul_backward
says: · a 0-d operand's gradient has shape (1,)
lets: 10 12 14 16-17 19 21-23
"""


def check_mul_backward(backward):
    pairs = [
        ((4, 3), (4, 3)),
        ((4, 1), (4, 3)),
        ((4, 3), (4, 1)),
        ((3,), (4, 3)),
        ((1, 3), (4, 3)),
        ((), (4, 3)),
        ((4, 1), (4, 1)),
    ]
    for shape_x, shape_y in pairs:
        x, y = _random(*shape_x).requires_grad_(), _random(*shape_y).requires_grad_()
        product = x * y
        v = torch.randn_like(product)
        expected = torch.autograd.grad(product, (x, y), v)
        found = backward(v.clone(), x.detach(), y.detach())
        for one, other in zip(found, expected, strict=True):
            assert torch.allclose(one, other), "a gradient is wrong"
