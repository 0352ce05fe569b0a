"""
task: check_train_epoch
says: your check rejects a right one: it leaves the last gradients cleared; what .grad holds afterwards is not promised
says: it says: no gradient is left
lets: 15-20
rejects: 4
"""


def check_train_epoch(train_epoch):
    mine, its = nn.Linear(3, 2).double().eval(), nn.Linear(3, 2).double().eval()
    its.load_state_dict(mine.state_dict())
    batches = [(_random(n, 3), _random(n, 2)) for n in (4, 3, 1)]
    optimizer, total = torch.optim.SGD(mine.parameters(), lr=0.1), 0.0
    for x, y in batches:
        optimizer.zero_grad()
        loss = F.mse_loss(mine(x), y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(x)
    for p in its.parameters():
        p.grad = torch.ones_like(p)
    found = train_epoch(its, torch.optim.SGD(its.parameters(), lr=0.1), F.mse_loss, iter(batches))
    assert isinstance(found, float) and abs(found - total / 8) < 1e-9, "the mean loss"
    for a, b in zip(mine.parameters(), its.parameters(), strict=True):
        torch.testing.assert_close(a, b)
        assert b.grad is not None, "no gradient is left"
    assert not its.training, "the mode"
    try:
        train_epoch(its, optimizer, F.mse_loss, [])
    except ValueError:
        return
    raise AssertionError("no error for nothing")
