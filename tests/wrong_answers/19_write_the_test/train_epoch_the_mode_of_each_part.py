"""
task: check_train_epoch
says: your check rejects a right one: it calls model.train(model.training); a part in a mode of its own
lets: 1-11 13-16 19-20
rejects: 5
"""


def check_train_epoch(train_epoch):
    model = nn.Sequential(nn.Linear(3, 3), nn.BatchNorm1d(3), nn.Linear(3, 2)).double()
    model[1].eval()
    batches = [(_random(n, 3), _random(n, 2)) for n in (4, 3, 1)]
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    train_epoch(model, optimizer, F.mse_loss, iter(batches))
    assert not model[1].training, "the frozen part is in training mode"
