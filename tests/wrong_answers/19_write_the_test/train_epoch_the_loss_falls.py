"""
task: check_train_epoch
says: · it steps once, after the last batch
lets: 3-20
"""


def check_train_epoch(train_epoch):
    model = nn.Linear(1, 1, bias=False)
    x, y = torch.ones(1, 1), torch.full((1, 1), 2.0)
    before = F.mse_loss(model(x), y).item()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.25)
    for _ in range(4):
        train_epoch(model, optimizer, F.mse_loss, [(x, y)])
    after = F.mse_loss(model(x), y).item()
    assert after < before / 10, "it has not learned"
