"""
task: average_in_buckets_
says: non-empty list of Tensors
"""


def average_in_buckets_(params, bucket_bytes):
    buckets, size = [[]], 0
    for grad in (p.grad for p in params if p.grad is not None):
        last = buckets[-1]
        if last and (last[0].dtype != grad.dtype or size + grad.nbytes > bucket_bytes):
            buckets.append([])
            size = 0
        buckets[-1].append(grad)
        size += grad.nbytes
    for bucket in buckets:
        flat = torch.cat([grad.flatten() for grad in bucket])
        dist.all_reduce(flat)
        flat /= dist.get_world_size()
        parts = flat.split([grad.numel() for grad in bucket])
        for grad, part in zip(bucket, parts, strict=True):
            grad.copy_(part.view(grad.shape))
    return len(buckets)
