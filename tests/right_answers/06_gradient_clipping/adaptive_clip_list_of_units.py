"""
task: adaptive_clip_
way: pairs of units, and Python floats
"""


def adaptive_clip_(params: Iterable[Tensor], clipping: float = 0.01, eps: float = 1e-3) -> None:
    # Unit by unit.
    for p in params:
        if p.grad is None:
            continue
        w, g = p.detach(), p.grad.detach()
        units = [(w[i], g[i]) for i in range(len(w))] if w.ndim >= 2 else [(w, g)]
        for w_i, g_i in units:
            bound = clipping * max(w_i.double().norm().item(), eps)
            norm = g_i.double().norm().item()
            if norm > bound:
                g_i.mul_(bound / norm)
