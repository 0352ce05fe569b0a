"""
task: average_uneven_gradients_
says: all_reduce of 3 elements where rank 1 calls all_reduce of 1 element
"""


@torch.no_grad()
def average_uneven_gradients_(params, samples):
    params = list(params)
    total = torch.tensor(samples, device=params[0].device)
    dist.all_reduce(total)
    for p in params:
        if p.grad is not None:
            p.grad *= samples / total.item()
            dist.all_reduce(p.grad)
