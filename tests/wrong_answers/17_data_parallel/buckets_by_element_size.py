"""
task: average_in_buckets_
says: elements of torch.float16 are exchanged
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
        if not buckets or buckets[-1][0].element_size() != g.element_size() or size > room:
            buckets.append([])
            room = bucket_bytes
        buckets[-1].append(g)
        room -= size
    for bucket in buckets:
        flat = torch.cat([g.reshape(-1) for g in bucket])
        dist.all_reduce(flat)
        flat /= dist.get_world_size()
        for g, part in zip(bucket, flat.split([g.numel() for g in bucket])):
            g.copy_(part.view(g.shape))
    return len(buckets)
