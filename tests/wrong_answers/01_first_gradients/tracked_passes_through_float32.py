"""
task: tracked
says: the values pass through float32, the default of torch.tensor
"""


def tracked(values):
    return torch.tensor(values).double().requires_grad_()
