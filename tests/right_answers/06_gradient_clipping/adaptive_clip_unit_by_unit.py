"""
task: adaptive_clip_
way: a loop over the units
"""


@torch.no_grad()
def adaptive_clip_(params, clipping=0.01, eps=1e-3):
    for p in params:
        if p.grad is None:
            continue
        units = zip(p, p.grad) if p.ndim > 1 else [(p, p.grad)]
        for w, g in units:
            bound = clipping * max(w.norm().item(), eps)
            if g.norm() > bound:
                g.mul_(bound / g.norm())
