"""
task: rotation
says: the matrix is cut from the graph (requires_grad is False)
says: torch.stack joins tensors
"""


def rotation(angle):
    return torch.tensor(
        [[angle.cos(), -angle.sin()], [angle.sin(), angle.cos()]],
        dtype=angle.dtype,
        device=angle.device,
    )
