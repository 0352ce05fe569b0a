"""
task: clip_grad_norm_
way: torch._foreach_norm and torch._foreach_mul_
"""


def clip_grad_norm_(params, max_norm, norm_type=2.0, *, error_if_nonfinite=False):
    grads = [p.grad.detach() for p in params if p.grad is not None]
    if len(grads) == 0:
        return torch.tensor(0.0)
    norm = torch.stack(torch._foreach_norm(grads, norm_type)).norm(norm_type)
    if error_if_nonfinite and not torch.isfinite(norm):
        raise RuntimeError("order %s: the norm is %s" % (norm_type, norm.item()))
    torch._foreach_mul_(grads, torch.minimum(max_norm / (norm + 1e-6), norm.new_ones(())))
    return norm
