"""
task: det2_gradient
way: both axes flipped, times a matrix of signs
"""


def det2_gradient(a):
    signs = torch.tensor([[1.0, -1.0], [-1.0, 1.0]], dtype=a.dtype, device=a.device)
    return a.detach().flip(0, 1) * signs
