"""
task: average_in_buckets_
says: begin a new one before the next gradient makes it too large
"""


@torch.no_grad()
def average_in_buckets_(params, bucket_bytes):
    grads = [p.grad for p in params if p.grad is not None]
    dtypes = list(dict.fromkeys(g.dtype for g in grads))
    for dtype in dtypes:
        same = [g for g in grads if g.dtype == dtype]
        flat = torch.cat([g.flatten() for g in same])
        dist.all_reduce(flat)
        flat /= dist.get_world_size()
        for g, part in zip(same, flat.split([g.numel() for g in same])):
            g.copy_(part.view(g.shape))
    return len(dtypes)
