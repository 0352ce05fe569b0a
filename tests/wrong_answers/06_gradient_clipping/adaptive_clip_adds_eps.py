"""
task: adaptive_clip_
says: eps is added to the weight norm: it is the least norm that is assumed
"""


def adaptive_clip_(params, clipping=0.01, eps=1e-3):
    for p in params:
        if p.grad is None:
            continue
        axes = tuple(range(1, p.ndim)) or None
        w = torch.linalg.vector_norm(p.detach(), dim=axes, keepdim=True)
        g = torch.linalg.vector_norm(p.grad, dim=axes, keepdim=True)
        bound = clipping * (w + eps)
        factor = (bound / g).clamp(max=1)
        p.grad.mul_(factor)
