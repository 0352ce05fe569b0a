"""
task: fit_digits
says: the accuracy after the last epoch
"""


def fit_digits(model, train, test, *, epochs, generator):
    pixels, labels = train
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    history = []
    for _ in range(epochs):
        for batch in torch.randperm(len(labels), generator=generator).split(32):
            optimizer.zero_grad()
            F.cross_entropy(model(pixels[batch]), labels[batch]).backward()
            optimizer.step()
        with torch.no_grad():
            parts = [
                (model(x).argmax(1) == y).double().mean().item()
                for x, y in zip(test[0].split(128), test[1].split(128))
            ]
        history.append(sum(parts) / len(parts))
    return history
