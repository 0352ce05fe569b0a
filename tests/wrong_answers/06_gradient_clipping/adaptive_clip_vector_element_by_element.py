"""
task: adaptive_clip_
says: weights of shape (4,)
says: every element is a unit of its own
"""


def adaptive_clip_(params, clipping=0.01, eps=1e-3):
    for p in params:
        if p.grad is None:
            continue
        shape = (len(p), -1) if p.ndim else (1, 1)
        w = p.detach().reshape(shape).norm(dim=1)
        g = p.grad.reshape(shape).norm(dim=1)
        factor = (clipping * w.clamp(min=eps) / g).clamp(max=1)
        p.grad.mul_(factor.reshape(-1, *[1] * (p.ndim - 1)) if p.ndim else factor[0])
