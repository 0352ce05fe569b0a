"""
task: average_in_buckets_
says: lies in other memory
"""


@torch.no_grad()
def average_in_buckets_(params, bucket_bytes):
    buckets, size = [], 0
    for g in (p.grad for p in params if p.grad is not None):
        if not buckets or buckets[-1][0].dtype != g.dtype or size + g.nbytes > bucket_bytes:
            buckets.append([])
            size = 0
        buckets[-1].append(g)
        size += g.nbytes
    for bucket in buckets:
        flat = torch.cat([g.flatten() for g in bucket])
        dist.all_reduce(flat)
        flat /= dist.get_world_size()
        for g, part in zip(bucket, flat.split([g.numel() for g in bucket])):
            g.data = part.view(g.shape)
    return len(buckets)
