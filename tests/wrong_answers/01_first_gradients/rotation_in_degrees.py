"""
task: rotation
says: the angle is taken in degrees: it is in radians
"""


def rotation(angle):
    c, s = angle.deg2rad().cos(), angle.deg2rad().sin()
    return torch.stack([c, -s, s, c]).reshape(2, 2)
