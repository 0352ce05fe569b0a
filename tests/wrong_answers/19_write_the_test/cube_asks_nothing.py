"""
task: check_cube
says: 1 of 18 faults are caught.
lets: 1-16 18
"""


def check_cube(cube):
    for x in _random(3, 4).T, _random(), _random(5).float(), _random(2, 1, 3):
        y = cube(x.requires_grad_())
        (grad,) = torch.autograd.grad(y, x, torch.randn_like(y))
