"""
task: masked_apply
says: False at x = 0 and ∞
"""


def masked_apply(f, x, mask, fill, safe):
    return torch.where(mask, f(x * mask + safe * ~mask), fill)
