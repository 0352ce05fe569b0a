"""
task: total_norm
way: in inference mode, so that the norm is an inference tensor
"""


def total_norm(params, norm_type=2.0):
    with torch.inference_mode():
        grads = [p.grad for p in params if p.grad is not None]
        if not grads:
            return torch.zeros(())
        return torch.linalg.vector_norm(
            torch.stack([torch.linalg.vector_norm(g, norm_type) for g in grads]), norm_type
        )
