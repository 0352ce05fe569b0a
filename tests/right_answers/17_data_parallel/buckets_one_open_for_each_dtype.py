"""
task: average_in_buckets_
way: a bucket of each dtype is open, collectives are asynchronous
"""


@torch.no_grad()
def average_in_buckets_(params, bucket_bytes):
    opened, works = {}, []

    def send(bucket):
        flat = torch.cat([g.reshape(-1) for g in bucket])
        works.append((dist.all_reduce(flat, async_op=True), flat, bucket))

    for p in params:
        g = p.grad
        if g is None:
            continue
        bucket = opened.setdefault(g.dtype, [])
        if bucket and sum(b.nbytes for b in bucket) + g.nbytes > bucket_bytes:
            send(bucket)
            bucket = opened[g.dtype] = []
        bucket.append(g)
    for bucket in opened.values():
        send(bucket)
    for work, flat, bucket in works:
        work.wait()
        place = 0
        for g in bucket:
            g.copy_(flat[place : place + g.numel()].reshape(g.shape) / dist.get_world_size())
            place += g.numel()
    return len(works)
