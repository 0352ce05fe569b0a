"""
task: check_mul_backward
says: · nothing is summed where an operand was broadcast
lets: 4-11 13-17 19 21-24
"""


def check_mul_backward(backward):
    v, x, y = _random(4, 3), _random(4, 3), _random(4, 3)
    kept = v.clone()
    grad_x, grad_y = backward(v, x, y)
    torch.testing.assert_close(grad_x, kept * y)
    torch.testing.assert_close(grad_y, kept * x)
    assert torch.equal(v, kept), "grad_output is overwritten"
