"""
Takes the sine from a root, and its sign from torch, which gives NaN for the gradient at 0.

task: rotation
says: the sine is a root, whose slope is infinite at 0: 0 · inf is NaN
"""


def rotation(angle):
    c = angle.cos()
    s = (1 - c**2).sqrt() * angle.detach().sin().sign()
    return torch.stack([c, -s, s, c]).reshape(2, 2)
