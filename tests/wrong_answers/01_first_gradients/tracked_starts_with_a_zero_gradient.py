"""
task: tracked
says: .grad is [0.0, 0.0, 0.0] before any backward: it must be None
"""


def tracked(values):
    result = torch.tensor(values, dtype=torch.float64, requires_grad=True)
    result.grad = torch.zeros_like(result)
    return result
