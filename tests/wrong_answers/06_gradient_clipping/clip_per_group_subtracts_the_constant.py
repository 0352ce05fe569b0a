"""
task: clip_per_group_
says: 1e-6 is subtracted from the norm
"""


def clip_per_group_(optimizer, max_norms):
    if len(optimizer.param_groups) != len(max_norms):
        raise ValueError("as many bounds as groups, please")
    norms = []
    for group, bound in zip(optimizer.param_groups, max_norms):
        grads = [p.grad.detach() for p in group["params"] if p.grad is not None]
        norm = torch.cat([g.flatten() for g in grads]).norm() if grads else torch.zeros(())
        for g in grads:
            g.mul_((bound / (norm - 1e-6)).clamp(max=1))
        norms.append(norm)
    return norms
