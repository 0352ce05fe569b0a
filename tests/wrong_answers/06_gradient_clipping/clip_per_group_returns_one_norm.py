"""
task: clip_per_group_
says: a list of 3 is due
"""


def clip_per_group_(optimizer, max_norms):
    if len(max_norms) != len(optimizer.param_groups):
        raise ValueError("one bound for each group")
    for group, max_norm in zip(optimizer.param_groups, max_norms):
        norm = nn.utils.clip_grad_norm_(group["params"], max_norm)
    return norm
