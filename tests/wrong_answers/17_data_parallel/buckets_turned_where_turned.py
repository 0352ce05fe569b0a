"""
task: average_in_buckets_
says: the .grad of each parameter of each rank
"""


@torch.no_grad()
def average_in_buckets_(params: Iterable[Tensor], bucket_bytes: int) -> int:
    buckets = []
    room = 0
    for p in params:
        g = p.grad
        if g is None:
            continue
        size = g.numel() * g.element_size()
        if not buckets or buckets[-1][0].dtype != g.dtype or size > room:
            buckets.append([])
            room = bucket_bytes
        buckets[-1].append(g)
        room -= size
    for bucket in buckets:
        flat = torch.cat(
            [(g if g.is_contiguous() else g.mT if g.ndim > 1 else g).reshape(-1) for g in bucket]
        )
        dist.all_reduce(flat)
        flat /= dist.get_world_size()
        for g, part in zip(bucket, flat.split([g.numel() for g in bucket])):
            if g.is_contiguous() or g.ndim < 2:
                g.copy_(part.view(g.shape))
            else:
                g.mT.copy_(part.view(g.mT.shape))
    return len(buckets)
