"""
task: masked_apply
way: f gets the selected elements alone
"""


def masked_apply(f, x, mask, fill, safe):
    result = torch.full_like(x, fill)
    result[mask] = f(x[mask])
    return result
