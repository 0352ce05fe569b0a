"""
task: check_train_epoch
says: · gradients are never cleared
lets: 1-2 7 9 15-20
"""


def check_train_epoch(train_epoch):
    model = nn.Linear(3, 2).double().eval()
    batches = [(_random(n, 3), _random(n, 2)) for n in (4, 3, 1)]
    due = sum(F.mse_loss(model(x), y).item() * len(x) for x, y in batches) / 8
    optimizer, steps = torch.optim.SGD(model.parameters(), lr=0.0), []
    optimizer.register_step_post_hook(lambda *_: steps.append(1))
    found = train_epoch(model, optimizer, F.mse_loss, iter(batches))
    assert isinstance(found, float) and abs(found - due) < 1e-12, "the mean loss"
    assert len(steps) == 3, "a step for each batch"
    assert not model.training, "the mode"
    try:
        train_epoch(model, optimizer, F.mse_loss, [])
    except ValueError:
        return
    raise AssertionError("no error for nothing")
