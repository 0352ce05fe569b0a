"""
task: fit_digits
way: SGD with Nesterov momentum, an order by random keys, nll_loss
"""


def fit_digits(
    model: nn.Module,
    train: tuple[Tensor, Tensor],
    test: tuple[Tensor, Tensor],
    *,
    epochs: int,
    generator: torch.Generator,
) -> list[float]:
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, nesterov=True)
    optimizer.zero_grad()
    device = train[1].device
    history: list[float] = []
    while len(history) < epochs:
        keys = torch.rand(train[1].numel(), generator=generator, dtype=torch.float64)
        order = keys.argsort().to(device)
        for start in range(0, order.numel(), 50):
            chosen = order[start : start + 50]
            scores = model(train[0].index_select(0, chosen))
            loss = F.nll_loss(scores.log_softmax(dim=1), train[1].index_select(0, chosen))
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
        with torch.no_grad():
            answers = model(test[0]).max(dim=1).indices
        history.append(answers.eq(test[1]).double().mean().item())
    return history
