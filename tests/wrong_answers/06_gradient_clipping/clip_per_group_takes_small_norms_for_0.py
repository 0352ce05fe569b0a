"""
task: clip_per_group_
says: when nothing is clipped
"""


def clip_per_group_(optimizer, max_norms):
    groups = optimizer.param_groups
    if len(groups) != len(max_norms):
        raise ValueError(f"{len(groups)} groups and {len(max_norms)} bounds")
    found = []
    for group, bound in zip(groups, max_norms):
        grads = [p.grad.detach() for p in group["params"] if p.grad is not None]
        norm = torch.nn.utils.get_total_norm(grads)
        if norm > max(bound, 1e-3):
            for grad in grads:
                grad.mul_(bound / norm)
        found.append(norm)
    return found
