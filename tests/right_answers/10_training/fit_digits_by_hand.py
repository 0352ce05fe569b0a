"""
task: fit_digits
way: no optimizer at all: plain steps along autograd.grad
"""


def fit_digits(model, train, test, *, epochs, generator):
    params = list(model.parameters())
    history = []
    for _ in range(epochs):
        order = torch.randperm(train[1].shape[0], generator=generator)
        for i in range(0, len(order), 8):
            pick = order[i : i + 8]
            loss = F.cross_entropy(model(train[0][pick]), train[1][pick])
            gradients = torch.autograd.grad(loss, params)
            with torch.no_grad():
                for p, g in zip(params, gradients):
                    p -= 0.1 * g
        with torch.no_grad():
            history.append(float((model(test[0]).argmax(1) == test[1]).double().mean()))
    return history
