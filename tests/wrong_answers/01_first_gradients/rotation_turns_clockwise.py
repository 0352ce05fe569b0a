"""
task: rotation
says: the minus sign stands at the other sine: this turns clockwise
"""


def rotation(angle):
    c, s = angle.cos(), angle.sin()
    return torch.stack([c, s, -s, c]).reshape(2, 2)
