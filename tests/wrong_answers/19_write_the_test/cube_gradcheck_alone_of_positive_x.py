"""
task: check_cube
says: · the slope is 3x·|x|, which is right for positive x only
lets: 3 5 7-9 11-18
"""


def check_cube(cube):
    x = torch.rand(4, 3, dtype=torch.float64) + 0.5
    torch.autograd.gradcheck(cube, (x.requires_grad_(),))
