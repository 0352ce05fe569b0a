"""
task: tracked
says: the tensor is no leaf: ToCopyBackward0 made it
says: the dtype and requires_grad at once
"""


def tracked(values):
    return torch.tensor([float(value) for value in values], requires_grad=True).double()
