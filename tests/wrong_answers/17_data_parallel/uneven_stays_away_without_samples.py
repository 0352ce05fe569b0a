"""
task: average_uneven_gradients_
says: ranks 0 and 2 wait for ever in all_reduce of 5 elements; rank 1 has ended
"""


@torch.no_grad()
def average_uneven_gradients_(params, samples):
    params = list(params)
    if not samples:
        return
    counts = torch.tensor([samples, *(p.grad is not None for p in params)], device=params[0].device)
    dist.all_reduce(counts)
    total, *users = counts.tolist()
    for p, used in zip(params, users):
        if used:
            if p.grad is None:
                p.grad = torch.zeros_like(p)
            p.grad *= samples / total
            dist.all_reduce(p.grad)
