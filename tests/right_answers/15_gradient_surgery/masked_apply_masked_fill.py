"""
task: masked_apply
way: masked_fill before and after
"""


def masked_apply(f, x, mask, fill, safe):
    return f(x.masked_fill(~mask, safe)).masked_fill(~mask, fill)
