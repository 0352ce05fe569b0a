"""
task: clip_per_group_
says: ValueError is due when there are 3 groups and 2 bounds; nothing was raised
says: zip stops at the end of the shorter one
"""


def clip_per_group_(optimizer, max_norms):
    return [
        nn.utils.clip_grad_norm_(group["params"], max_norm)
        for group, max_norm in zip(optimizer.param_groups, max_norms)
    ]
