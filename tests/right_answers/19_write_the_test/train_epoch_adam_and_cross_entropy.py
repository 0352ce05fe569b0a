"""
task: check_train_epoch
way: a copy of the model trained with Adam on classes, state dicts compared
"""


def check_train_epoch(train_epoch):
    import copy

    import pytest

    model = nn.Sequential(nn.Linear(3, 4), nn.Dropout(0.5), nn.Linear(4, 3)).double()
    model.eval()
    twin = copy.deepcopy(model)
    modes = []
    model.register_forward_hook(lambda module, x, y: modes.append(module.training))
    x, y = torch.randn(11, 3).double(), torch.randint(3, (11,))
    batches = [(x[:5], y[:5]), (x[5:10], y[5:10]), (x[10:], y[10:])]
    model(x).square().sum().backward()
    adams = [torch.optim.Adam(m.parameters(), lr=1e-2) for m in (model, twin)]
    losses = []
    modes.clear()
    for a, b in batches:
        adams[1].zero_grad()
        loss = F.cross_entropy(twin(a), b)
        loss.backward()
        adams[1].step()
        losses += [loss.item()] * len(a)
    found = train_epoch(model, adams[0], F.cross_entropy, (pair for pair in batches))
    if not isinstance(found, float):
        pytest.fail("no float")
    assert found == pytest.approx(sum(losses) / 11), "the mean"
    assert modes == [False] * 3, "runs"
    assert not any(m.training for m in model.modules()), "the mode"
    for name, value in twin.state_dict().items():
        torch.testing.assert_close(model.state_dict()[name], value)
    train_epoch(model.train(), adams[0], F.cross_entropy, batches)
    assert modes[3:] == [True] * 3, "in training mode"
    assert all(m.training for m in model.modules()), "the mode afterwards"
    for nothing in [], iter([]):
        with pytest.raises(ValueError):
            train_epoch(model, adams[0], F.cross_entropy, nothing)
