"""
task: masked_apply
says: are NaN, none of torch's is
"""


def masked_apply(f, x, mask, fill, safe):
    return f(x) * mask + fill * ~mask
