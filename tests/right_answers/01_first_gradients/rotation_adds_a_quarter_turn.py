"""
task: rotation
way: cos · the identity + sin · the turn by a quarter
"""


def rotation(angle):
    straight = torch.eye(2, dtype=angle.dtype, device=angle.device)
    quarter = torch.zeros_like(straight)
    quarter[1, 0], quarter[0, 1] = 1, -1
    return angle.cos() * straight + angle.sin() * quarter
