"""
task: clip_per_group_
says: with a group whose gradients are zeros, and one that has none, it raises ZeroDivisionError
"""


def clip_per_group_(optimizer, max_norms):
    if len(optimizer.param_groups) != len(max_norms):
        raise ValueError("lengths")
    out = []
    for group, bound in zip(optimizer.param_groups, max_norms):
        grads = [p.grad for p in group["params"] if p.grad is not None]
        if not grads:
            out.append(torch.zeros(()))
            continue
        norm = torch.cat([g.reshape(-1) for g in grads]).norm()
        f = min(1.0, bound / norm.item())
        for g in grads:
            g.mul_(f)
        out.append(norm)
    return out
