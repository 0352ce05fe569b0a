"""
task: average_gradients_
says: torch.cat
"""


@torch.no_grad()
def average_gradients_(params: Iterable[Tensor]) -> None:
    grads = [p.grad for p in params if p.grad is not None]
    flat = torch.cat([g.reshape(-1).double() for g in grads])
    dist.all_reduce(flat)
    flat /= dist.get_world_size()
    for g, part in zip(grads, flat.split([g.numel() for g in grads])):
        g.copy_(part.reshape(g.shape))
