"""
task: adaptive_clip_
way: every parameter as a matrix with one row for each unit
"""


def adaptive_clip_(params, clipping=0.01, eps=1e-3):
    for p in params:
        if p.grad is None:
            continue
        rows = p.shape[0] if p.ndim > 1 else 1
        with torch.no_grad():
            w = p.reshape(rows, -1).norm(dim=1, keepdim=True)
            flat = p.grad.reshape(rows, -1)
            g = flat.norm(dim=1, keepdim=True)
            limit = clipping * torch.maximum(w, torch.full_like(w, eps))
            p.grad.copy_((flat * torch.clamp(limit / (g + 1e-12), max=1.0)).reshape(p.shape))
