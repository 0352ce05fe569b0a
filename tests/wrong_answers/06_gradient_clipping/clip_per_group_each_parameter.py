"""
task: clip_per_group_
says: each parameter is clipped by itself
"""


def clip_per_group_(optimizer, max_norms):
    if len(max_norms) != len(optimizer.param_groups):
        raise ValueError("one bound for each group")
    norms = []
    for group, max_norm in zip(optimizer.param_groups, max_norms):
        norms.append(
            nn.utils.get_total_norm([p.grad for p in group["params"] if p.grad is not None])
        )
        for p in group["params"]:
            nn.utils.clip_grad_norm_([p], max_norm)
    return norms
