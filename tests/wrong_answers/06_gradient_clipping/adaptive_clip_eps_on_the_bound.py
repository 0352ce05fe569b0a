"""
task: adaptive_clip_
says: eps is the least bound: it is the least norm of the weights
"""


@torch.no_grad()
def adaptive_clip_(params, clipping=0.01, eps=1e-3):
    for p in params:
        if p.grad is None:
            continue
        dims = tuple(range(1, p.dim())) if p.dim() > 1 else None
        w = torch.linalg.vector_norm(p, dim=dims, keepdim=True)
        g = torch.linalg.vector_norm(p.grad, dim=dims, keepdim=True)
        bound = (clipping * w).clamp(min=eps)
        p.grad.mul_(torch.where(g > bound, bound / g, torch.ones_like(g)))
