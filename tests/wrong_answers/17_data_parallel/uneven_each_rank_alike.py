"""
task: average_uneven_gradients_
says: each rank counts alike: weigh it by its samples
"""


@torch.no_grad()
def average_uneven_gradients_(params, samples):
    params = list(params)
    used = torch.tensor(
        [p.grad is not None for p in params], dtype=torch.int64, device=params[0].device
    )
    dist.all_reduce(used)
    for p, n in zip(params, used.tolist()):
        if n:
            if p.grad is None:
                p.grad = torch.zeros_like(p)
            dist.all_reduce(p.grad)
            p.grad /= dist.get_world_size()
