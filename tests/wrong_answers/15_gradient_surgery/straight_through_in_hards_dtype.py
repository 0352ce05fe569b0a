"""
task: straight_through
says: torch.float32
"""


def straight_through(hard, soft):
    return (hard.detach().to(soft.dtype) + (soft - soft.detach())).to(
        hard.dtype if hard.is_floating_point() else soft.dtype
    )
