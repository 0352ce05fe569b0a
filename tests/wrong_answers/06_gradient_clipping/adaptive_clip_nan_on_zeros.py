"""
task: adaptive_clip_
says: 0 is divided by a norm of 0, which is NaN
"""


def adaptive_clip_(params, clipping=0.01, eps=1e-3):
    for p in params:
        if p.grad is None:
            continue
        axes = tuple(range(1, p.ndim)) or None
        w = torch.linalg.vector_norm(p.detach(), dim=axes, keepdim=True)
        g = torch.linalg.vector_norm(p.grad, dim=axes, keepdim=True)
        bound = clipping * w.clamp(min=eps)
        factor = torch.minimum(bound, g) / g
        p.grad.mul_(factor)
