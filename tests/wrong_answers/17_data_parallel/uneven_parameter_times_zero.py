"""
task: average_uneven_gradients_
says: 3 of yours are NaN
"""


@torch.no_grad()
def average_uneven_gradients_(params: Iterable[Tensor], samples: int) -> None:
    params = list(params)
    info = torch.tensor(
        [samples] + [int(p.grad is not None) for p in params], device=params[0].device
    )
    dist.all_reduce(info)
    total, *there = info.tolist()
    for p, n in zip(params, there):
        if n == 0:
            continue
        if p.grad is None:
            p.grad = p * 0
        p.grad.mul_(samples / total)
        dist.all_reduce(p.grad)
