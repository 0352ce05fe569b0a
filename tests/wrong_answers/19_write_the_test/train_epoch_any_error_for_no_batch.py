"""
task: check_train_epoch
says: 1 of 20 faults are caught.
lets: 1-12 14-20
"""


def check_train_epoch(train_epoch):
    model = nn.Linear(3, 2).double()
    try:
        train_epoch(model, torch.optim.SGD(model.parameters(), lr=0.1), F.mse_loss, [])
    except Exception:
        return
    raise AssertionError("no error for nothing")
