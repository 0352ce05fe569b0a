"""
task: average_in_buckets_
says: 5 collectives are made: no more than 4 are due
"""


def average_in_buckets_(params, bucket_bytes):
    grads = [p.grad for p in params if p.grad is not None]
    buckets, room = [], 0
    for grad in sorted(grads, key=lambda g: (str(g.dtype), -g.nbytes)):
        if not buckets or buckets[-1][0].dtype != grad.dtype or grad.nbytes > room:
            buckets.append([])
            room = bucket_bytes
        buckets[-1].append(grad)
        room -= grad.nbytes
    for bucket in buckets:
        flat = torch.cat([grad.flatten() for grad in bucket])
        dist.all_reduce(flat)
        flat /= dist.get_world_size()
        parts = flat.split([grad.numel() for grad in bucket])
        for grad, part in zip(bucket, parts, strict=True):
            grad.copy_(part.view(grad.shape))
    return len(buckets)
