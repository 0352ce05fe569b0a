"""
task: average_uneven_gradients_
says: ['silent'] is None, a tensor is due
"""


@torch.no_grad()
def average_uneven_gradients_(params: Iterable[Tensor], samples: int) -> None:
    params = list(params)
    total = torch.tensor(samples)
    dist.all_reduce(total)
    for p in params:
        g = torch.zeros_like(p) if p.grad is None else p.grad
        g.mul_(samples / total.item())
        dist.all_reduce(g)
        if p.grad is None and g.any():
            p.grad = g
