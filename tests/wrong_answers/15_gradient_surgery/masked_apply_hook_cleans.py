"""
task: masked_apply
says: in anomaly mode
"""


def masked_apply(f, x, mask, fill, safe):
    copy = x.clone()
    if copy.requires_grad:
        copy.register_hook(lambda g: g.nan_to_num())
    return torch.where(mask, f(copy), fill)
