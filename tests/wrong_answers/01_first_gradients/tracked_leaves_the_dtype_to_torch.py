"""
task: tracked
says: torch.float32, torch's is torch.float64
"""


def tracked(values):
    return torch.tensor([float(value) for value in values], requires_grad=True)
