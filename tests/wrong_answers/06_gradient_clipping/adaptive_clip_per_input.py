"""
task: adaptive_clip_
says: the norms are over axis 0, which counts the units
"""


def adaptive_clip_(params, clipping=0.01, eps=1e-3):
    for p in params:
        if p.grad is None:
            continue
        axes = 0 if p.ndim > 1 else None
        w = torch.linalg.vector_norm(p.detach(), dim=axes, keepdim=True)
        g = torch.linalg.vector_norm(p.grad, dim=axes, keepdim=True)
        bound = clipping * w.clamp(min=eps)
        factor = (bound / g).clamp(max=1)
        p.grad.mul_(factor)
