"""
task: masked_apply
says: in anomaly mode
"""


def masked_apply(f, x, mask, fill, safe):
    copy = x.clone()
    if copy.requires_grad:
        copy.register_hook(lambda g: torch.where(mask, g, 0.0))
    return torch.where(mask, f(copy), fill)
