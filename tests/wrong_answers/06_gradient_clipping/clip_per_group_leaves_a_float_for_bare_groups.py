"""
task: clip_per_group_
says: the norms are of type Tensor and float
"""


def clip_per_group_(optimizer, max_norms):
    if len(max_norms) != len(optimizer.param_groups):
        raise ValueError("one bound for each group")
    norms = []
    for group, max_norm in zip(optimizer.param_groups, max_norms):
        bare = all(p.grad is None for p in group["params"])
        norms.append(0.0 if bare else nn.utils.clip_grad_norm_(group["params"], max_norm))
    return norms
