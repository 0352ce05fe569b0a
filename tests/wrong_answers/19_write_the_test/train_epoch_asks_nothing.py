"""
task: check_train_epoch
says: 0 of 20 faults are caught.
lets: 1-20
"""


def check_train_epoch(train_epoch):
    model = nn.Sequential(nn.Linear(3, 4), nn.Dropout(0.5), nn.Linear(4, 2)).double()
    batches = [(_random(n, 3), _random(n, 2)) for n in (4, 3, 1)]
    optimizer = torch.optim.Adam(model.parameters())
    for kind in list, tuple, iter:
        train_epoch(model, optimizer, F.mse_loss, kind(batches))
