"""
task: check_cube
says: · the incoming gradient is left out
lets: 2 4 6-9 11-18
"""


def check_cube(cube):
    x = torch.cat([_random(7), torch.tensor([-1.5])]).requires_grad_()
    y = cube(x)
    assert torch.allclose(y, x**3), "the value is not x³"
    y.sum().backward()
    assert torch.allclose(x.grad, 3 * x**2), "the gradient is not 3x²"
