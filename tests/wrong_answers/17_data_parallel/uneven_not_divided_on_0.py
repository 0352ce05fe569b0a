"""
task: average_uneven_gradients_
says: yours
"""


@torch.no_grad()
def average_uneven_gradients_(params, samples):
    params = list(params)
    counts = torch.tensor([samples, *(p.grad is not None for p in params)], device=params[0].device)
    dist.all_reduce(counts)
    total, *users = counts.tolist()
    for p, used in zip(params, users):
        if used:
            if p.grad is None:
                p.grad = torch.zeros_like(p)
            p.grad *= samples
            dist.all_reduce(p.grad)
            if dist.get_rank():
                p.grad /= total
