"""
task: clip_per_group_
says: the gradients, some of them None or zeros
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
        for g in grads:
            g.copy_(g / norm * min(norm, torch.tensor(bound, dtype=norm.dtype)))
        out.append(norm)
    return out
