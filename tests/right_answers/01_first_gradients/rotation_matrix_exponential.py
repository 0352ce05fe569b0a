"""
task: rotation
way: the exponential of the turned unit matrix
"""


def rotation(angle):
    j = torch.tensor([[0.0, -1.0], [1.0, 0.0]], dtype=angle.dtype, device=angle.device)
    return torch.linalg.matrix_exp(angle * j)
