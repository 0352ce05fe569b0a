"""
task: average_in_buckets_
way: a flat tensor of the right size is filled, AVG
"""


@torch.no_grad()
def average_in_buckets_(params, bucket_bytes):
    grads = [p.grad for p in params if p.grad is not None]
    calls = start = 0
    while start < len(grads):
        end, size = start + 1, grads[start].nbytes
        while (
            end < len(grads)
            and grads[end].dtype == grads[start].dtype
            and size + grads[end].nbytes <= bucket_bytes
        ):
            size += grads[end].nbytes
            end += 1
        bucket = grads[start:end]
        flat = grads[start].new_empty(sum(g.numel() for g in bucket))
        views = [v.view(g.shape) for v, g in zip(flat.split([g.numel() for g in bucket]), bucket)]
        for v, g in zip(views, bucket):
            v.copy_(g)
        dist.all_reduce(flat, op=dist.ReduceOp.AVG)
        for v, g in zip(views, bucket):
            g.copy_(v)
        calls, start = calls + 1, end
    return calls
