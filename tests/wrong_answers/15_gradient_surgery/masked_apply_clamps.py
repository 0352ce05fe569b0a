"""
task: masked_apply
says: a single where is not enough
"""


def masked_apply(f, x, mask, fill, safe):
    return torch.where(mask, f(x.clamp(min=1e-12)), fill)
