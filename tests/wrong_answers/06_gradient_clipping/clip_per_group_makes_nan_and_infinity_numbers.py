"""
task: clip_per_group_
says: NaN and infinity are made numbers: let them through
"""


def clip_per_group_(optimizer, max_norms):
    groups = optimizer.param_groups
    if len(groups) != len(max_norms):
        raise ValueError("one bound for each group")
    return [
        torch.nan_to_num(nn.utils.clip_grad_norm_(group["params"], max_norm))
        for group, max_norm in zip(groups, max_norms)
    ]
