"""
task: check_cube
says: · the slope is 3x·|x|, which is right for positive x only
lets: 3-18
"""


def check_cube(cube):
    x = torch.ones(4, 3, dtype=torch.float64, requires_grad=True)
    (2 * cube(x)).sum().backward()
    assert torch.allclose(x.grad, 6 * x**2), "the gradient is not 3x²"
