"""
task: scaled_step
way: torch measures first, and clips with the norm it found
"""


def _gradients(params: Iterable[Tensor]) -> list[Tensor]:
    return [p.grad.detach() for p in params if p.grad is not None]


def scaled_step(
    loss: Tensor,
    params: Iterable[Tensor],
    optimizer: torch.optim.Optimizer,
    scaler: torch.amp.GradScaler,
    max_norm: float,
) -> Tensor:
    params = list(params)
    scaler.scale(loss).backward()
    scaler.unscale_(optimizer)
    norm = nn.utils.get_total_norm(_gradients(params))
    nn.utils.clip_grads_with_norm_(params, max_norm, norm)
    scaler.step(optimizer)
    scaler.update()
    for p in params:
        p.grad = None
    return norm.detach()
