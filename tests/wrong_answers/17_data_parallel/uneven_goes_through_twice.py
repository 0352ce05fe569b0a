"""
task: average_uneven_gradients_
says: IndexError
"""


@torch.no_grad()
def average_uneven_gradients_(params, samples):
    flags = [p.grad is not None for p in params]
    params = list(params)
    counts = torch.tensor([samples, *flags], device=params[0].device)
    dist.all_reduce(counts)
    total, *users = counts.tolist()
    for p, used in zip(params, users):
        if used:
            if p.grad is None:
                p.grad = torch.zeros_like(p)
            p.grad *= samples / total
            dist.all_reduce(p.grad)
