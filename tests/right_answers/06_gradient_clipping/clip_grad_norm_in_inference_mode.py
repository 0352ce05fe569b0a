"""
task: clip_grad_norm_
way: in inference mode, so that the norm is an inference tensor
"""


def clip_grad_norm_(params, max_norm, norm_type=2.0, *, error_if_nonfinite=False):
    grads = [p.grad.detach() for p in params if p.grad is not None]
    with torch.inference_mode():
        if not grads:
            return torch.zeros(())
        norm = torch.linalg.vector_norm(
            torch.stack([torch.linalg.vector_norm(g, norm_type) for g in grads]), norm_type
        )
        if error_if_nonfinite and not norm.isfinite():
            raise RuntimeError(f"order {norm_type}")
        for g in grads:
            g.mul_((max_norm / (norm + 1e-6)).clamp(max=1))
        return norm
