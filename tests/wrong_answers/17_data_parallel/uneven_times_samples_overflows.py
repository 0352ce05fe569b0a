"""
task: average_uneven_gradients_
says: each of 70000 samples
"""


@torch.no_grad()
def average_uneven_gradients_(params: Iterable[Tensor], samples: int) -> None:
    params = list(params)
    info = torch.tensor([samples] + [int(p.grad is not None) for p in params])
    dist.all_reduce(info)
    total, *there = info.tolist()
    for p, n in zip(params, there):
        if n:
            if p.grad is None:
                p.grad = torch.zeros_like(p)
            p.grad.mul_(samples)
            dist.all_reduce(p.grad)
            p.grad.div_(total)
