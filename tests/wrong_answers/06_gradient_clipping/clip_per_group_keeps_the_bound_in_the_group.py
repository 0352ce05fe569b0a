"""
task: clip_per_group_
says: optimizer.state_dict()
"""


def clip_per_group_(optimizer, max_norms):
    if len(max_norms) != len(optimizer.param_groups):
        raise ValueError("one bound for each group")
    norms = []
    for group, group["max_norm"] in zip(optimizer.param_groups, max_norms):
        norms.append(nn.utils.clip_grad_norm_(group["params"], group["max_norm"]))
    return norms
