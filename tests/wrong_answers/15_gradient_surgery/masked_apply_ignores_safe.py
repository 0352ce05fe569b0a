"""
task: masked_apply
says: in anomaly mode
"""


def masked_apply(f, x, mask, fill, safe):
    return torch.where(mask, f(torch.where(mask, x, 1.0)), fill)
