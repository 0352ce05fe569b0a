"""
task: check_mul_backward
says: · the two gradients are swapped
lets: 2-11 13-17 19 21-24
"""


def check_mul_backward(backward):
    x, v = _random(4, 3), _random(4, 3)
    kept = v.clone()
    for grad in backward(v, x, x):
        torch.testing.assert_close(grad, kept * x)
    assert torch.equal(v, kept), "grad_output is overwritten"
