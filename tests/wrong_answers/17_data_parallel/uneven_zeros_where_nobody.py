"""
task: average_uneven_gradients_
says: a gradient of zeros is left where no rank has one
"""


@torch.no_grad()
def average_uneven_gradients_(params, samples):
    params = list(params)
    total = torch.tensor(samples, device=params[0].device)
    dist.all_reduce(total)
    for p in params:
        if p.grad is None:
            p.grad = torch.zeros_like(p)
        p.grad *= samples / total.item()
        dist.all_reduce(p.grad)
