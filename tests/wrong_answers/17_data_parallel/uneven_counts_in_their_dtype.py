"""
task: average_uneven_gradients_
says: each of 70000 samples
"""


@torch.no_grad()
def average_uneven_gradients_(params: Iterable[Tensor], samples: int) -> None:
    params = list(params)
    total = torch.tensor(samples, dtype=params[0].dtype)
    dist.all_reduce(total)
    info = torch.tensor([int(p.grad is not None) for p in params])
    dist.all_reduce(info)
    for p, n in zip(params, info.tolist()):
        if n:
            if p.grad is None:
                p.grad = torch.zeros_like(p)
            p.grad.mul_(samples / total.item())
            dist.all_reduce(p.grad)
