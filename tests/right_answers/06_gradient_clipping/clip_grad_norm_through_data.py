"""
task: clip_grad_norm_
way: works on .data, and divides instead of multiplying
"""


def clip_grad_norm_(params, max_norm, norm_type=2.0, *, error_if_nonfinite=False):
    params = [p for p in params if p.grad is not None]
    if len(params) == 0:
        return torch.zeros(())
    flat = torch.cat([p.grad.data.reshape(-1) for p in params])
    if norm_type == float("inf"):
        norm = flat.abs().max()
    else:
        norm = (flat.abs() ** norm_type).sum() ** (1 / norm_type)
    if error_if_nonfinite and not norm.isfinite():
        raise RuntimeError(f"the norm of order {norm_type} is {norm}")
    for p in params:
        p.grad.data /= torch.maximum(norm / max_norm, torch.ones_like(norm))
    return norm
