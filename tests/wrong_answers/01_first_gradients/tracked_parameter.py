"""
The result is an nn.Parameter, which is no plain tensor.

task: tracked
says: yours is of Parameter, a subclass of torch.Tensor
"""


def tracked(values: Sequence[float]) -> Tensor:
    return torch.nn.Parameter(torch.tensor(values, dtype=torch.float64))
