"""
task: fit_digits
says: of the held-back digits right
"""


def fit_digits(model, train, test, *, epochs, generator):
    pixels, labels = train
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    history = []
    start = [p.detach().clone() for p in model.parameters()]
    for _ in range(epochs):
        with torch.no_grad():
            for p, s in zip(model.parameters(), start):
                p.copy_(s)
        for batch in torch.randperm(len(labels), generator=generator).split(32):
            optimizer.zero_grad()
            F.cross_entropy(model(pixels[batch]), labels[batch]).backward()
            optimizer.step()
        with torch.no_grad():
            right = model(test[0]).argmax(1) == test[1]
        history.append(right.double().mean().item())
    return history
