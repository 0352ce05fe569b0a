"""
task: rotation
way: chooses between three 0-d tensors at each place with torch.where, and stacks nothing.
"""


def rotation(angle: Tensor) -> Tensor:
    row = torch.arange(2, device=angle.device).reshape(2, 1)
    col = torch.arange(2, device=angle.device)
    c, s = angle.cos(), angle.sin()
    return torch.where(row == col, c, torch.where(row > col, s, s.neg()))
