"""
task: clip_per_group_
says: ValueError is due when there are 3 groups and 4 bounds
"""


def clip_per_group_(optimizer, max_norms):
    if len(max_norms) < len(optimizer.param_groups):
        raise ValueError("one bound for each group")
    return [
        nn.utils.clip_grad_norm_(group["params"], max_norm)
        for group, max_norm in zip(optimizer.param_groups, max_norms)
    ]
