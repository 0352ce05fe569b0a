"""
task: check_cube
says: your check returns True where it is to return None
"""


def check_cube(cube):
    return torch.autograd.gradcheck(cube, (_random(2).requires_grad_(),))
