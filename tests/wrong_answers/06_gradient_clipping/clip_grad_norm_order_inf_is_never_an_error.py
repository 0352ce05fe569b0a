"""
Trusts that the largest element is finite.

task: clip_grad_norm_
says: RuntimeError is due when error_if_nonfinite=True, norm_type=inf
"""


def clip_grad_norm_(params, max_norm, norm_type=2.0, *, error_if_nonfinite=False):
    grads = [p.grad.detach() for p in params if p.grad is not None]
    if not grads:
        return torch.zeros(())
    norm = torch.linalg.vector_norm(
        torch.stack([torch.linalg.vector_norm(g, norm_type) for g in grads]), norm_type
    )
    if error_if_nonfinite and (norm.isnan() or norm == float("inf")) and norm_type != float("inf"):
        raise RuntimeError(f"the norm of order {norm_type} is {norm}")
    for g in grads:
        g.mul_((max_norm / (norm + 1e-6)).clamp(max=1))
    return norm
