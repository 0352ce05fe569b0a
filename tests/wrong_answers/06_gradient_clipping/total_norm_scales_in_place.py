"""
task: total_norm
says: before the call and is
"""


def total_norm(params, norm_type=2.0):
    grads = [p.grad.detach() for p in params if p.grad is not None]
    if not grads:
        return torch.zeros(())
    return torch.cat([g.abs_().flatten() for g in grads]).norm(norm_type)
