"""
task: check_relu
says: · negative x goes through, times 0.01
lets: 1 3 4 6-12
"""


def check_relu(relu):
    x = (torch.rand(20, dtype=torch.float64) + 0.5).requires_grad_()
    v = torch.randn_like(x)
    v[0] = -1
    y = relu(x)
    torch.testing.assert_close(y, x)
    (grad,) = torch.autograd.grad(y, x, v)
    torch.testing.assert_close(grad, v)
