"""
task: rotation
says: the cosine has lost its sign, as the root of 1 - sin² has none
"""


def rotation(angle):
    s = angle.sin()
    c = (1 - s**2).sqrt()
    return torch.stack([c, -s, s, c]).reshape(2, 2)
