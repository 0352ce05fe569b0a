"""
task: masked_apply
says: the result has no graph
"""


def masked_apply(f, x, mask, fill, safe):
    if not mask.any():
        return torch.full_like(x, fill)
    return torch.where(mask, f(torch.where(mask, x, safe)), fill)
