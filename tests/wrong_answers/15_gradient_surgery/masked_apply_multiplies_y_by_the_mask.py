"""
task: masked_apply
says: where ∞ comes in
"""


def masked_apply(f, x, mask, fill, safe):
    y = f(torch.where(mask, x, safe))
    return y * mask + fill * ~mask
