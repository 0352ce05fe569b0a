"""
task: clip_per_group_
says: the norm of a group with a frozen parameter that has a .grad
says: it is left out, though the optimizer will step along its .grad
"""


def clip_per_group_(optimizer, max_norms):
    groups = optimizer.param_groups
    if len(max_norms) != len(groups):
        raise ValueError(f"{len(groups)} groups, but {len(max_norms)} bounds")
    norms = []
    for group, max_norm in zip(groups, max_norms, strict=True):
        trainable = [p for p in group["params"] if p.requires_grad]
        norms.append(nn.utils.clip_grad_norm_(trainable, max_norm))
    return norms
