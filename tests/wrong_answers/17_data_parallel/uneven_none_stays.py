"""
task: average_uneven_gradients_
says: a rank whose own .grad was None stays without one
"""


@torch.no_grad()
def average_uneven_gradients_(params, samples):
    params = list(params)
    counts = torch.tensor([samples, *(p.grad is not None for p in params)], device=params[0].device)
    dist.all_reduce(counts)
    total, *users = counts.tolist()
    for p, used in zip(params, users):
        if used:
            mine = torch.zeros_like(p) if p.grad is None else p.grad
            mine *= samples / total
            dist.all_reduce(mine)
