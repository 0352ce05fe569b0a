"""
task: check_cube
says: 0 of 18 faults are caught.
lets: 1-18
"""


def check_cube(cube):
    x = _random(4, 3).requires_grad_()
    try:
        torch.testing.assert_close(cube(x), x**3)
        torch.autograd.gradcheck(cube, (x,))
    except Exception:
        pass
