"""
task: clip_grad_norm_
way: measures with the total_norm of the first task
"""


def clip_grad_norm_(params, max_norm, norm_type=2.0, *, error_if_nonfinite=False):
    params = [p for p in params if p.grad is not None]
    norm = total_norm(params, norm_type)
    if error_if_nonfinite and not torch.isfinite(norm):
        raise RuntimeError(f"the gradients' {norm_type}-norm is {norm}")
    if norm > max_norm:
        with torch.no_grad():
            for p in params:
                p.grad *= max_norm / norm
    return norm
