"""
task: average_in_buckets_
says: 7 collectives are made, and 6 are enough
"""


@torch.no_grad()
def average_in_buckets_(params, bucket_bytes):
    calls = 0
    for p in params:
        if p.grad is not None:
            flat = p.grad.contiguous()
            dist.all_reduce(flat)
            p.grad.copy_(flat / dist.get_world_size())
            calls += 1
    return calls
