"""
task: average_uneven_gradients_
says: ['silent'] is None, a tensor is due
"""


@torch.no_grad()
def average_uneven_gradients_(params: Iterable[Tensor], samples: int) -> None:
    params = list(params)
    info = torch.tensor(
        [samples] + [int(p.grad is not None and bool(p.grad.any())) for p in params],
        device=params[0].device,
    )
    dist.all_reduce(info)
    total, *there = info.tolist()
    for p, n in zip(params, there):
        if n == 0:
            continue
        if p.grad is None:
            p.grad = torch.zeros_like(p)
        p.grad.mul_(samples / total)
        dist.all_reduce(p.grad)
