"""
task: average_gradients_
says: 6 of 6 elements differ
"""


@torch.no_grad()
def average_gradients_(params: Iterable[Tensor]) -> None:
    seen = set()
    for p in params:
        if p.grad is not None and p.shape not in seen:
            seen.add(p.shape)
            dist.all_reduce(p.grad)
            p.grad /= dist.get_world_size()
