"""
task: average_gradients_
says: the .grad of each parameter
"""


def average_gradients_(params: Iterable[Tensor]) -> None:
    for p in params:
        if p.requires_grad and p.grad is not None:
            dist.all_reduce(p.grad)
            p.grad /= dist.get_world_size()
