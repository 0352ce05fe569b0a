"""
task: clip_per_group_
says: the parameters, of which only .grad is to change
"""


def clip_per_group_(optimizer, max_norms):
    if len(max_norms) != len(optimizer.param_groups):
        raise ValueError("one bound for each group")
    norms = [
        nn.utils.clip_grad_norm_(group["params"], max_norm)
        for group, max_norm in zip(optimizer.param_groups, max_norms)
    ]
    optimizer.step()
    return norms
