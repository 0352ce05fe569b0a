"""
task: adaptive_clip_
says: eps is left out, and zero weights never move
"""


def adaptive_clip_(params, clipping=0.01, eps=1e-3):
    for p in params:
        if p.grad is None:
            continue
        axes = tuple(range(1, p.ndim)) or None
        w = torch.linalg.vector_norm(p.detach(), dim=axes, keepdim=True)
        g = torch.linalg.vector_norm(p.grad, dim=axes, keepdim=True)
        bound = clipping * w
        factor = torch.where(g > bound, bound / g, torch.ones_like(g))
        p.grad.mul_(factor)
