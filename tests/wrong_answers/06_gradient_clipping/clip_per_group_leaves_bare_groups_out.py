"""
task: clip_per_group_
says: the number of norms, of three groups
"""


def clip_per_group_(optimizer, max_norms):
    if len(max_norms) != len(optimizer.param_groups):
        raise ValueError("one bound for each group")
    norms = []
    for group, max_norm in zip(optimizer.param_groups, max_norms):
        grads = [p for p in group["params"] if p.grad is not None]
        if grads:
            norms.append(nn.utils.clip_grad_norm_(grads, max_norm))
    return norms
