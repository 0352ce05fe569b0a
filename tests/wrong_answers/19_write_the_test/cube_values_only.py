"""
task: check_cube
says: Your check lets this through:
says: · the slope is 2x
lets: 1-4 6-8 11-18
"""


def check_cube(cube):
    for x in torch.randn(5, 3), torch.randn(4):
        assert torch.allclose(cube(x), x**3), "the value is not x³"
