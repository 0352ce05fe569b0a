"""
task: check_cube
says: your check leaves grad mode off
"""


def check_cube(cube):
    x = _random(4, 3)
    torch.set_grad_enabled(False)
    torch.testing.assert_close(cube(x), x**3)
