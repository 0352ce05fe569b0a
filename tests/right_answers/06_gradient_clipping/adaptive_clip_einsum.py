"""
task: adaptive_clip_
way: einsum in float64, and copy_ into each
"""


def adaptive_clip_(params, clipping=0.01, eps=1e-3):
    with torch.no_grad():
        for p in params:
            if (g := p.grad) is None:
                continue
            rows = lambda t: (
                t.double().reshape(len(t), -1) if t.ndim > 1 else t.double().reshape(1, -1)
            )
            gn, wn = (torch.einsum("ij,ij->i", rows(t), rows(t)).sqrt() for t in (g, p))
            bound = clipping * torch.maximum(wn, wn.new_tensor(eps))
            scale = torch.where(gn > bound, bound / gn, 1.0)
            g.copy_(g * (scale.view(-1, *[1] * (g.ndim - 1)) if g.ndim > 1 else scale[0]))
