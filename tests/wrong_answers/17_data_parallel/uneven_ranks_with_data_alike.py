"""
task: average_uneven_gradients_
says: each rank counts alike
"""


@torch.no_grad()
def average_uneven_gradients_(params, samples):
    params = list(params)
    counts = torch.tensor(
        [min(samples, 1), *(p.grad is not None for p in params)], device=params[0].device
    )
    dist.all_reduce(counts)
    total, *users = counts.tolist()
    for p, used in zip(params, users):
        if used:
            if p.grad is None:
                p.grad = torch.zeros_like(p)
            dist.all_reduce(p.grad)
            p.grad /= total
