"""
task: det2_gradient
says: yours still has a graph attached
"""


def det2_gradient(a):
    return torch.stack([a[1, 1], -a[1, 0], -a[0, 1], a[0, 0]]).reshape(2, 2)
