"""
task: check_train_epoch
way: one weight, steps worked out by hand in plain Python, momentum and all by name
"""


def check_train_epoch(train_epoch):
    for training in True, False:
        w, lr = 0.5, 0.1
        model = nn.Linear(1, 1, bias=False).double().train(training)
        with torch.no_grad():
            model.weight.fill_(w)
        model.weight.grad = torch.full((1, 1), 100.0).double()
        data = [([1.0, 2.0], [3.0, -1.0]), ([0.5], [2.0])]
        losses = []
        for xs, ys in data:
            losses += [(w * x - y) ** 2 for x, y in zip(xs, ys, strict=True)]
            w -= lr * sum(2 * (w * x - y) * x for x, y in zip(xs, ys, strict=True)) / len(xs)
        batches = (
            (torch.tensor(xs).double()[:, None], torch.tensor(ys).double()[:, None])
            for xs, ys in data
        )
        sgd = torch.optim.SGD(model.parameters(), lr=lr)
        found = train_epoch(model=model, optimizer=sgd, loss_fn=nn.MSELoss(), batches=batches)
        assert type(found) is float, type(found)
        assert abs(found - sum(losses) / 3) < 1e-12, "the mean loss"
        assert abs(model.weight.item() - w) < 1e-12, "the weight"
        assert model.training is training, "the mode"
    import pytest

    with pytest.raises(ValueError):
        train_epoch(model, sgd, nn.MSELoss(), iter(()))
