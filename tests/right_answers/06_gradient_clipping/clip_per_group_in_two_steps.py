"""
task: clip_per_group_
way: torch measures first, and clips with the norm it found
"""


def _gradients(params: Iterable[Tensor]) -> list[Tensor]:
    return [p.grad.detach() for p in params if p.grad is not None]


def clip_per_group_(optimizer: torch.optim.Optimizer, max_norms: Sequence[float]) -> list[Tensor]:
    groups = optimizer.param_groups
    if len(groups) != len(max_norms):
        raise ValueError(f"{len(max_norms)} bounds for {len(groups)} groups")
    norms = []
    for i, group in enumerate(groups):
        gradients = _gradients(group["params"])
        norm = nn.utils.get_total_norm(gradients)
        nn.utils.clip_grads_with_norm_(group["params"], max_norms[i], norm)
        norms.append(norm)
    return norms
