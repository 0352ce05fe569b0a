"""
Computes the sine as sqrt(1 - cos²), wrong where the sine is negative, with no gradient at 0.

task: rotation
says: the sine has lost its sign
"""


def rotation(angle: Tensor) -> Tensor:
    c = torch.cos(angle)
    s = torch.sqrt(1 - c * c)
    return torch.stack([torch.stack([c, -s]), torch.stack([s, c])])
