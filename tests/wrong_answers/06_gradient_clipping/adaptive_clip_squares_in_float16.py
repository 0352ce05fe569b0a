"""
task: adaptive_clip_
says: 300² and 400² are computed in float16
"""


def adaptive_clip_(params, clipping=0.01, eps=1e-3):
    for p in params:
        if p.grad is None:
            continue
        w, g = p.detach(), p.grad
        axes = tuple(range(1, p.ndim)) if p.ndim > 1 else tuple(range(p.ndim))
        wn = (w**2).sum(dim=axes, keepdim=True).sqrt() if axes else w.abs()
        gn = (g**2).sum(dim=axes, keepdim=True).sqrt() if axes else g.abs()
        g.mul_((clipping * wn.clamp(min=eps) / gn).clamp(max=1))
