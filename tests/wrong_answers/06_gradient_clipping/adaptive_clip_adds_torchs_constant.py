"""
task: adaptive_clip_
says: 1e-6 is added to the norm of the gradient
"""


@torch.no_grad()
def adaptive_clip_(params, clipping=0.01, eps=1e-3):
    for p in params:
        if p.grad is not None:
            dim = tuple(range(1, p.ndim)) or None
            bound = clipping * p.norm(2, dim=dim, keepdim=True).clamp(min=eps)
            p.grad *= (bound / (p.grad.norm(2, dim=dim, keepdim=True) + 1e-6)).clamp(max=1)
