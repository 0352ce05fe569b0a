"""
task: average_gradients_
way: reduce_scatter and all_gather of one flat tensor
"""


def average_gradients_(params):
    grads = [p.grad for p in params if p.grad is not None]
    n = dist.get_world_size()
    flat = torch.cat([g.flatten() for g in grads])
    size = -(-flat.numel() // n)
    flat = torch.cat([flat, flat.new_zeros(size * n - flat.numel())])
    own = flat.new_empty(size)
    dist.reduce_scatter_tensor(own, flat)
    dist.all_gather_into_tensor(flat, own / n)
    place = 0
    for g in grads:
        g.copy_(flat[place : place + g.numel()].view_as(g))
        place += g.numel()
