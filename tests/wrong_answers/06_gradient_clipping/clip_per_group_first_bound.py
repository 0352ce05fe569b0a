"""
task: clip_per_group_
says: the first bound is used for every group
"""


def clip_per_group_(optimizer, max_norms):
    if len(max_norms) != len(optimizer.param_groups):
        raise ValueError("one bound for each group")
    return [nn.utils.clip_grad_norm_(g["params"], max_norms[0]) for g in optimizer.param_groups]
