"""
task: average_in_buckets_
says: a bucket has gradients of one dtype, and each is in one bucket
"""


@torch.no_grad()
def average_in_buckets_(params, bucket_bytes):
    calls, bucket = 0, []

    def send():
        flat = torch.cat([g.flatten() for g in bucket])
        dist.all_reduce(flat)
        flat /= dist.get_world_size()
        for g, part in zip(bucket, flat.split([g.numel() for g in bucket])):
            g.copy_(part.view(g.shape))
        bucket.clear()

    for g in (p.grad for p in params if p.grad is not None):
        if bucket and (
            bucket[0].dtype != g.dtype or sum(b.nbytes for b in bucket) + g.nbytes > bucket_bytes
        ):
            send()
            calls += 1
        bucket.append(g)
    return calls
