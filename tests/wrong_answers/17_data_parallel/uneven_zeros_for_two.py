"""
task: average_uneven_gradients_
says: yours[0]['silent']: 3 of 3 elements differ
"""


@torch.no_grad()
def average_uneven_gradients_(params: Iterable[Tensor], samples: int) -> None:
    params = list(params)
    info = torch.tensor([samples] + [int(p.grad is not None) for p in params])
    dist.all_reduce(info)
    total, *there = info.tolist()
    zeros = {}
    for p, n in zip(params, there):
        if n:
            if p.grad is None:
                p.grad = zeros.setdefault((p.shape, p.dtype), torch.zeros_like(p))
            p.grad.mul_(samples / total)
            dist.all_reduce(p.grad)
