"""
task: rotation
way: the exponential of angle times the quarter turn
"""


def rotation(angle):
    quarter = torch.tensor([[0, -1], [1, 0]], dtype=angle.dtype, device=angle.device)
    return torch.matrix_exp(angle * quarter)
