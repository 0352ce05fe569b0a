"""
task: clip_per_group_
says: groups are clipped until the bounds run out: compare the lengths first
"""


def clip_per_group_(optimizer, max_norms):
    return [
        nn.utils.clip_grad_norm_(group["params"], max_norm)
        for group, max_norm in zip(optimizer.param_groups, max_norms, strict=True)
    ]
