"""
task: straight_through
says: rounded to float32
"""


def straight_through(hard, soft):
    base = hard.detach()
    if not base.is_floating_point():
        base = base.float()
    return base.to(soft.dtype) + (soft - soft.detach())
