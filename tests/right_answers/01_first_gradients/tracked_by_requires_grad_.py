"""
task: tracked
way: as_tensor, then requires_grad_() in place
"""


def tracked(values):
    return torch.as_tensor(values, dtype=torch.float64).requires_grad_()
