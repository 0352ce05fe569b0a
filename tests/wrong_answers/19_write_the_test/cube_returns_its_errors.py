"""
task: check_cube
says: 0 of 18 faults are caught.
lets: 1-18
"""


def check_cube(cube):
    for x in _random(3, 4).T, _random():
        before = x.clone()
        try:
            torch.testing.assert_close(cube(x), before**3)
            torch.autograd.gradcheck(cube, (x.requires_grad_(),))
        except Exception as error:
            return error
