"""
task: forward_difference
says: all elements are moved at once: move one at a time
"""


def forward_difference(f, x, eps):
    x = x.detach()
    return torch.full_like(x, (f(x + eps).item() - f(x).item()) / eps)
