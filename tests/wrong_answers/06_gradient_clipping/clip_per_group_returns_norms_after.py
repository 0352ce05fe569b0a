"""
task: clip_per_group_
says: they are computed after clipping
"""


def clip_per_group_(optimizer, max_norms):
    if len(max_norms) != len(optimizer.param_groups):
        raise ValueError("one bound for each group")
    for group, max_norm in zip(optimizer.param_groups, max_norms):
        nn.utils.clip_grad_norm_(group["params"], max_norm)
    return [
        nn.utils.get_total_norm([p.grad for p in group["params"] if p.grad is not None])
        for group in optimizer.param_groups
    ]
