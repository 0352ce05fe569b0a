"""
task: clip_grad_norm_
way: one long vector, torch.where, and copy_ into each
"""


def clip_grad_norm_(params, max_norm, norm_type=2.0, *, error_if_nonfinite=False):
    kept = tuple(g for g in (p.grad for p in params) if g is not None)
    if not kept:
        return torch.as_tensor(0.0)
    with torch.no_grad():
        flat = torch.cat([g.reshape(-1) for g in kept])
        norm = flat.abs().amax() if norm_type == float("inf") else flat.norm(p=norm_type)
        if error_if_nonfinite and (torch.isnan(norm) or torch.isinf(norm)):
            raise RuntimeError(f"norm_type={norm_type}")
        scale = torch.where(norm > max_norm, max_norm / norm, torch.ones_like(norm))
        for g in kept:
            g.copy_(g * scale)
    return norm
