"""
task: clip_grad_norm_
says: .grad is another tensor after the call than before
"""


def clip_grad_norm_(params, max_norm, norm_type=2.0, *, error_if_nonfinite=False):
    params = [p for p in params if p.grad is not None]
    if not params:
        return torch.zeros(())
    norm = torch.cat([p.grad.detach().flatten() for p in params]).norm(norm_type)
    if error_if_nonfinite and not norm.isfinite():
        raise RuntimeError(f"the norm of order {norm_type} is {norm}")
    factor = (max_norm / (norm + 1e-6)).clamp(max=1)
    for p in params:
        p.grad = p.grad * factor
    return norm
