"""
task: adaptive_clip_
way: where the norm is above the bound, in double precision
"""


@torch.no_grad()
def adaptive_clip_(params: Iterable[Tensor], clipping: float = 0.01, eps: float = 1e-3) -> None:
    for p in params:
        if p.grad is None:
            continue
        dims = tuple(range(1, p.dim())) if p.dim() > 1 else None
        w_norm = torch.linalg.vector_norm(p.double(), dim=dims, keepdim=True)
        g_norm = torch.linalg.vector_norm(p.grad.double(), dim=dims, keepdim=True)
        bound = clipping * w_norm.clamp(min=eps)
        factor = torch.where(g_norm > bound, bound / g_norm, 1.0)
        p.grad.copy_(p.grad.double() * factor)
