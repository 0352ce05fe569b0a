"""
task: clip_per_group_
says: the norm of one group in float32
"""


def clip_per_group_(optimizer, max_norms):
    groups = optimizer.param_groups
    if len(groups) != len(max_norms):
        raise ValueError("one bound for each group")
    norms = [
        nn.utils.clip_grad_norm_(group["params"], max_norm)
        for group, max_norm in zip(groups, max_norms)
    ]
    return [norm.where(~norm.isfinite(), norm.clamp(max=1000.0)) for norm in norms]
