"""
task: clip_per_group_
says: ValueError is due when there are 3 groups and 2 bounds; IndexError was raised
"""


def clip_per_group_(optimizer, max_norms):
    return [
        nn.utils.clip_grad_norm_(group["params"], max_norms[i])
        for i, group in enumerate(optimizer.param_groups)
    ]
