"""
task: check_cube
says: your check leaves torch.float64 as the default dtype, it was torch.float32
"""


def check_cube(cube):
    torch.set_default_dtype(torch.float64)
    x = torch.randn(4, 3)
    torch.testing.assert_close(cube(x), x**3)
