"""
task: average_uneven_gradients_
says: nothing is divided by their number
"""


@torch.no_grad()
def average_uneven_gradients_(params, samples):
    params = list(params)
    counts = torch.tensor([p.grad is not None for p in params], device=params[0].device).int()
    dist.all_reduce(counts)
    for p, used in zip(params, counts.tolist()):
        if used:
            if p.grad is None:
                p.grad = torch.zeros_like(p)
            p.grad *= samples
            dist.all_reduce(p.grad)
