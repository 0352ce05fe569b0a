"""
task: tracked
says: requires_grad is False, so that nothing computed from the tensor is recorded
"""


def tracked(values):
    return torch.tensor(values, dtype=torch.float64)
