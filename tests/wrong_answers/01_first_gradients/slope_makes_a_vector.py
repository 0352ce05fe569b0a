"""
task: slope
says: f is called with a tensor of shape (1,), a 0-d tensor is due
"""


def slope(f, x):
    at = torch.tensor([x], dtype=torch.float64, requires_grad=True)
    f(at).backward()
    return at.grad.item()
