"""
task: check_train_epoch
says: your check rejects a right one: it sets .grad itself, and never calls zero_grad; that it is called is not promised
says: it says: the calls are
lets: 2 4-6 8-20
rejects: 3-4
"""


def check_train_epoch(train_epoch):
    calls = []

    class Spy(torch.optim.SGD):
        def zero_grad(self, *args, **kwargs):
            calls.append("zero_grad")
            super().zero_grad(*args, **kwargs)

        def step(self, *args, **kwargs):
            calls.append("step")
            super().step(*args, **kwargs)

    model = nn.Linear(3, 2).double()
    batches = [(_random(4, 3), _random(4, 2)) for _ in range(3)]
    train_epoch(model, Spy(model.parameters(), lr=0.1), F.mse_loss, batches)
    assert calls == ["zero_grad", "step"] * 3, f"the calls are {calls}"
