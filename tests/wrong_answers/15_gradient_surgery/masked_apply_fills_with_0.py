"""
task: masked_apply
says: it is 0 where the mask is False
"""


def masked_apply(f, x, mask, fill, safe):
    return torch.where(mask, f(torch.where(mask, x, safe)), 0.0)
