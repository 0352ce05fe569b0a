"""
task: average_in_buckets_
says: Tensors must be contiguous
"""


@torch.no_grad()
def average_in_buckets_(params, bucket_bytes):
    calls = 0
    for p in params:
        if p.grad is not None:
            dist.all_reduce(p.grad)
            p.grad /= dist.get_world_size()
            calls += 1
    return calls
