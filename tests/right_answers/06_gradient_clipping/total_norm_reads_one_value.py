"""
task: total_norm
way: one vector, read once
"""


def total_norm(params, norm_type=2.0):
    grads = [p.grad for p in params if p.grad is not None]
    if len(grads) == 0:
        return torch.zeros(())
    flat = torch.cat([grad.detach().ravel() for grad in grads])
    return torch.tensor(flat.norm(norm_type).item(), dtype=flat.dtype, device=flat.device)
