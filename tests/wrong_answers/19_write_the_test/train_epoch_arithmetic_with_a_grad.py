"""
task: check_train_epoch
says: your check rejects a right one: it leaves the last gradients cleared; what .grad holds afterwards is not promised
says: it says: TypeError: unsupported operand
"""


def check_train_epoch(train_epoch):
    model = nn.Linear(3, 2).double()
    batches = [(_random(n, 3), _random(n, 2)) for n in (4, 3, 1)]
    train_epoch(model, torch.optim.SGD(model.parameters(), lr=0.1), F.mse_loss, batches)
    for p in model.parameters():
        assert (p.grad - 0).isfinite().all(), "a gradient is not finite"
