"""
task: check_train_epoch
says: · a tensor is returned
lets: 6-8 10-20
"""


def check_train_epoch(train_epoch):
    mine, its = nn.Linear(3, 2).double(), nn.Linear(3, 2).double()
    its.load_state_dict(mine.state_dict())
    batches = [(_random(4, 3), _random(4, 2)) for _ in range(3)]
    optimizer, total = torch.optim.SGD(mine.parameters(), lr=0.1), 0.0
    for x, y in batches:
        optimizer.zero_grad()
        loss = F.mse_loss(mine(x), y)
        loss.backward()
        optimizer.step()
        total += loss.item()
    found = train_epoch(its, torch.optim.SGD(its.parameters(), lr=0.1), F.mse_loss, batches)
    assert abs(float(found) - total / 3) < 1e-9, "the mean loss"
    for a, b in zip(mine.parameters(), its.parameters(), strict=True):
        torch.testing.assert_close(a, b)
