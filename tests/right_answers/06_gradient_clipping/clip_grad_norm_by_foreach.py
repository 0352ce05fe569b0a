"""
task: clip_grad_norm_
way: torch's _foreach functions under no_grad
"""


@torch.no_grad()
def clip_grad_norm_(params, max_norm, norm_type=2.0, *, error_if_nonfinite=False):
    grads = [p.grad for p in list(params) if p.grad is not None]
    if not grads:
        return torch.tensor(0.0)
    norm = torch.stack(torch._foreach_norm(grads, norm_type)).norm(norm_type)
    if error_if_nonfinite and (norm.isnan() or norm.isinf()):
        raise RuntimeError(f"non-finite norm of order {float(norm_type)}")
    torch._foreach_mul_(grads, torch.clamp(max_norm / (norm + 1e-6), max=1.0))
    return norm
