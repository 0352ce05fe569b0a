"""
task: check_mul_backward
says: · the incoming gradient is left out
lets: 1 3 5 7-12 14-18 20-24
"""


def check_mul_backward(backward):
    v, x, y = torch.ones(4, 3), torch.ones(4, 3), torch.ones(3)
    grad_x, grad_y = backward(v, x, y)
    torch.testing.assert_close(grad_x, torch.ones(4, 3))
    torch.testing.assert_close(grad_y, torch.full((3,), 4.0))
