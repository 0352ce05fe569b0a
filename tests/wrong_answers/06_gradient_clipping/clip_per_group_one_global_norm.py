"""
task: clip_per_group_
says: the norm of all groups together is taken
"""


def clip_per_group_(optimizer, max_norms):
    if len(max_norms) != len(optimizer.param_groups):
        raise ValueError("one bound for each group")
    grads = [p.grad for group in optimizer.param_groups for p in group["params"]]
    norm = nn.utils.get_total_norm([grad for grad in grads if grad is not None])
    for group, max_norm in zip(optimizer.param_groups, max_norms):
        nn.utils.clip_grads_with_norm_(group["params"], max_norm, norm)
    return [norm] * len(max_norms)
