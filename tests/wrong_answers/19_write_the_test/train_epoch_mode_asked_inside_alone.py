"""
task: check_train_epoch
says: · the model is left in eval mode
lets: 20
"""


def check_train_epoch(train_epoch):

    def loss_fn(found: Tensor, due: Tensor) -> Tensor:
        return F.mse_loss(found, 2 * due)

    for training in (True, False):
        model, reference = nn.Linear(3, 2).double().train(training), nn.Linear(3, 2).double()
        reference.load_state_dict(model.state_dict())
        for p in model.parameters():
            p.grad = torch.ones_like(p)
        optimizers = [torch.optim.SGD(m.parameters(), lr=0.1) for m in (model, reference)]
        batches, total = [(_random(n, 3), _random(n, 2)) for n in (4, 3, 1)], 0.0
        for x, y in batches:
            optimizers[1].zero_grad()
            loss = loss_fn(reference(x), y)
            loss.backward()
            optimizers[1].step()
            total += loss.item() * len(x)
        modes: list[bool] = []
        model.register_forward_hook(lambda m, *_, modes=modes: modes.append(m.training))
        found = train_epoch(model, optimizers[0], loss_fn, iter(batches))
        assert modes == [training] * 3, f"training is {training}, the model runs with {modes}"
        assert isinstance(found, float), f"it returns {found!r}, no float"
        torch.testing.assert_close(found, total / 8, rtol=1e-9, atol=0)
        weights, due = list(model.parameters()), list(reference.parameters())
        torch.testing.assert_close(weights, due, rtol=1e-9, atol=1e-12)
    try:
        train_epoch(model, optimizers[0], loss_fn, iter([]))
    except ValueError:
        return
    raise AssertionError("no ValueError without a batch")
