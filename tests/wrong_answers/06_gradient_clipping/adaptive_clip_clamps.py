"""
task: adaptive_clip_
says: a gradient of about 1e6 in float32
"""


def adaptive_clip_(params, clipping=0.01, eps=1e-3):
    for p in params:
        if p.grad is None:
            continue
        weight, grad = p.detach(), p.grad.detach().clamp_(-1000.0, 1000.0)
        axes = tuple(range(1, p.ndim)) if p.ndim >= 2 else None
        weight_norm = torch.linalg.vector_norm(weight, dim=axes, keepdim=True)
        grad_norm = torch.linalg.vector_norm(grad, dim=axes, keepdim=True)
        grad.mul_((clipping * weight_norm.clamp(min=eps) / grad_norm).clamp(max=1))
