"""
task: fit_digits
says: after test was replaced by another
"""


def fit_digits(
    model: nn.Module,
    train: tuple[Tensor, Tensor],
    test: tuple[Tensor, Tensor],
    *,
    epochs: int,
    generator: torch.Generator,
) -> list[float]:
    pixels, labels = train
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, mode="max")
    history = []
    for _ in range(epochs):
        order = torch.randperm(len(labels), generator=generator).to(labels.device)
        for batch in order.split(32):
            optimizer.zero_grad()
            F.cross_entropy(model(pixels[batch]), labels[batch]).backward()
            optimizer.step()
        with torch.no_grad():
            right = (model(test[0]).argmax(1) == test[1]).sum().item()
        history.append(right / len(test[1]))
        scheduler.step(history[-1])
    return history
