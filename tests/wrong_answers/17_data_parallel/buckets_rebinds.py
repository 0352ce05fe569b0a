"""
task: average_in_buckets_
says: is another object
"""


@torch.no_grad()
def average_in_buckets_(params, bucket_bytes):
    buckets, size = [], 0
    for p in params:
        if p.grad is None:
            continue
        g = p.grad
        if not buckets or buckets[-1][0].dtype != g.dtype or size + g.nbytes > bucket_bytes:
            buckets.append([])
            size = 0
        buckets[-1].append(p)
        size += g.nbytes
    for bucket in buckets:
        flat = torch.cat([p.grad.flatten() for p in bucket])
        dist.all_reduce(flat)
        flat /= dist.get_world_size()
        for p, part in zip(bucket, flat.split([p.numel() for p in bucket])):
            p.grad = part.view(p.shape)
    return len(buckets)
