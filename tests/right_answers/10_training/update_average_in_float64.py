"""
task: update_average_
way: pairs by id, averaged in float64 and copied back
"""


def update_average_(average: nn.Module, model: nn.Module, decay: float) -> None:
    pairs: dict[int, tuple[Tensor, Tensor]] = {}
    for (_, a), (_, m) in zip(average.named_buffers(), model.named_buffers()):
        pairs[id(a)] = (a, m)
    for (_, a), (_, m) in zip(average.named_parameters(), model.named_parameters()):
        pairs[id(a)] = (a, m)
    with torch.no_grad():
        for a, m in pairs.values():
            if a.dtype.is_floating_point or a.dtype.is_complex:
                wide = torch.promote_types(a.dtype, torch.float64)
                m = a.to(wide) * decay + m.to(wide) * (1 - decay)
            a.copy_(m)
