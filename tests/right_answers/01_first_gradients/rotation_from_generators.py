"""
task: rotation
way: cos · identity + sin · quarter turn
"""


def rotation(angle):
    quarter = torch.tensor([[0, -1], [1, 0]], dtype=angle.dtype, device=angle.device)
    return (
        angle.cos() * torch.eye(2, dtype=angle.dtype, device=angle.device) + angle.sin() * quarter
    )
