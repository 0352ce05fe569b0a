"""
task: clip_per_group_
way: no torch.nn.utils
"""


def clip_per_group_(optimizer, max_norms):
    if len(max_norms) != len(optimizer.param_groups):
        raise ValueError(f"{len(max_norms)}")
    norms = ()
    for i in range(len(max_norms)):
        grads = [p.grad.data for p in optimizer.param_groups[i]["params"] if p.grad is not None]
        norm = torch.cat([torch.zeros(1), *(g.flatten() for g in grads)]).norm()
        if norm > max_norms[i]:
            for g in grads:
                g.mul_(max_norms[i] / norm)
        norms += (norm,)
    return norms
