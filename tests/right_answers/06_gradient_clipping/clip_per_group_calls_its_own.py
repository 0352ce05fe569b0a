"""
task: clip_per_group_
way: clip_grad_norm_ above for each group
"""


def clip_per_group_(optimizer: torch.optim.Optimizer, max_norms: Sequence[float]) -> list[Tensor]:
    bounds = list(max_norms)
    if len(bounds) - len(optimizer.param_groups):
        raise ValueError("one bound for each group, please")
    return [
        clip_grad_norm_(group["params"], bound)
        for group, bound in zip(optimizer.param_groups, bounds)
    ]
