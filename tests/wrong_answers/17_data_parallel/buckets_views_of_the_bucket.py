"""
task: average_in_buckets_
says: lies in other memory
"""


def average_in_buckets_(params, bucket_bytes):
    buckets = []
    room = 0
    for grad in (p.grad for p in params if p.grad is not None):
        size = grad.numel() * grad.element_size()
        if not buckets or buckets[-1][0].dtype != grad.dtype or size > room:
            buckets.append([])
            room = bucket_bytes
        buckets[-1].append(grad)
        room -= size
    for bucket in buckets:
        flat = torch.cat([grad.flatten() for grad in bucket])
        dist.all_reduce(flat)
        flat /= dist.get_world_size()
        parts = flat.split([grad.numel() for grad in bucket])
        for grad, part in zip(bucket, parts, strict=True):
            grad.data = torch.empty_like(grad).copy_(part.view(grad.shape))
    return len(buckets)
