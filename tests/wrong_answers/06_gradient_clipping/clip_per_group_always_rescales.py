"""
task: clip_per_group_
says: gradients below the bound are scaled up to it
"""


def clip_per_group_(optimizer, max_norms):
    if len(max_norms) != len(optimizer.param_groups):
        raise ValueError("one bound for each group")
    norms = []
    for group, max_norm in zip(optimizer.param_groups, max_norms):
        grads = [p.grad for p in group["params"] if p.grad is not None]
        norm = nn.utils.get_total_norm(grads)
        for grad in grads:
            grad.mul_(max_norm / norm)
        norms.append(norm)
    return norms
