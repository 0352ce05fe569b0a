"""
task: train_mixed
way: output.float() inside a decorated forward, the mean by tensors
"""


def train_mixed(
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    loss_fn: LossFn,
    batches: Batches,
    *,
    device: torch.device,
    scaler: torch.amp.GradScaler,
) -> float:
    seen: list[Tensor] = []
    sizes: list[int] = []

    @torch.autocast(device.type)
    def forward(x: Tensor, y: Tensor) -> Tensor:
        return loss_fn(model(x).float(), y)

    for pair in batches:
        x, y = (t.to(device) for t in pair)
        for p in model.parameters():
            p.grad = None
        loss = forward(x, y)
        scaler.scale(loss).backward()
        scaler.step(optimizer)
        scaler.update()
        seen.append(loss.detach())
        sizes.append(y.shape[0])
    weights = torch.tensor(sizes, dtype=torch.float64)
    losses = torch.stack(seen).double().cpu()
    return float((losses * weights).sum() / weights.sum())
