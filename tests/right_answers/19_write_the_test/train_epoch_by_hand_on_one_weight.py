"""
task: check_train_epoch
way: one weight, steps worked out by hand in plain Python, momentum and all by name
"""


def check_train_epoch(train_epoch):
    def ordered(found, due):
        assert found.requires_grad, "loss_fn(model(x), y)"
        return F.mse_loss(found, due)

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
        runs = []
        model.register_forward_pre_hook(lambda module, x: runs.append(module.training))
        sgd = torch.optim.SGD(model.parameters(), lr=lr)
        found = train_epoch(model=model, optimizer=sgd, loss_fn=ordered, batches=batches)
        assert runs == [training, training], "runs"
        assert type(found) is float, type(found)
        assert abs(found - sum(losses) / 3) < 1e-12, "the mean loss"
        assert abs(model.weight.item() - w) < 1e-12, "the weight"
        assert model.training is training, "the mode"
    import pytest

    with pytest.raises(ValueError):
        train_epoch(model, sgd, nn.MSELoss(), iter(()))
