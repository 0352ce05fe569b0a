"""
Asks the first parameter for device and dtype.

task: clip_grad_norm_
says: without any parameter, it raises IndexError
"""


def clip_grad_norm_(params, max_norm, norm_type=2.0, *, error_if_nonfinite=False):
    params = list(params)
    device, dtype = params[0].device, params[0].dtype
    grads = [p.grad.detach() for p in params if p.grad is not None]
    if not grads:
        return torch.zeros((), device=device, dtype=dtype)
    norm = torch.linalg.vector_norm(
        torch.stack([torch.linalg.vector_norm(g, norm_type) for g in grads]), norm_type
    )
    if error_if_nonfinite and not norm.isfinite():
        raise RuntimeError(f"{norm_type}")
    for g in grads:
        g.mul_((max_norm / (norm + 1e-6)).clamp(max=1))
    return norm
