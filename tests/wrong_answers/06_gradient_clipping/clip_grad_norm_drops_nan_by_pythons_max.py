"""
Takes the largest by Python's max, in which NaN is lost.

task: clip_grad_norm_
says: the norm of order inf, an element of the gradients being nan
"""


def clip_grad_norm_(params, max_norm, norm_type=2.0, *, error_if_nonfinite=False):
    grads = [p.grad.detach() for p in params if p.grad is not None]
    if not grads:
        return torch.zeros(())
    if norm_type == float("inf"):
        norm = max(g.abs().max() for g in grads)
    else:
        norm = sum(g.abs().pow(norm_type).sum() for g in grads) ** (1 / norm_type)
    if error_if_nonfinite and not norm.isfinite():
        raise RuntimeError(f"the norm of order {norm_type} is {norm}")
    for g in grads:
        g.mul_((max_norm / (norm + 1e-6)).clamp(max=1))
    return norm
