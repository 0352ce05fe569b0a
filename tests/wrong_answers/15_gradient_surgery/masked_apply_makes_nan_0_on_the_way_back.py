"""
task: masked_apply
says: its gradient, NaN coming in at 2
"""


def masked_apply(f, x, mask, fill, safe):
    given = torch.where(mask, x, safe)
    if given.requires_grad:
        given.register_hook(lambda g: torch.where(g.isnan(), 0.0, g))
    return torch.where(mask, f(given), fill)
