"""
task: rotation
says: the cosine is computed by torch, and the sine is a constant to it
"""


def rotation(angle):
    c, s = angle.cos(), (1 - angle.detach().cos() ** 2).sqrt() * angle.detach().sin().sign()
    return torch.stack([c, -s, s, c]).reshape(2, 2)
