"""
task: average_uneven_gradients_
says: lies in other memory
"""


def average_uneven_gradients_(params, samples):
    params = list(params)
    counts = torch.tensor(
        [samples, *(p.grad is not None for p in params)],
        dtype=torch.int64,
        device=params[0].device,
    )
    dist.all_reduce(counts)
    total, *users = counts.tolist()
    for p, used in zip(params, users, strict=True):
        if used:
            if p.grad is None:
                p.grad = torch.zeros_like(p)
            mean = p.grad * (samples / total)
            dist.all_reduce(mean)
            p.grad.data = mean
