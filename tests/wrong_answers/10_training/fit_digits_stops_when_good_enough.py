"""
Stops when nearly all images of train are right.

task: fit_digits
says: the length of the history of 15 epochs
"""


def fit_digits(model, train, test, *, epochs, generator):
    pixels, labels = train
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    history = []
    for _ in range(epochs):
        hits = 0
        for batch in torch.randperm(len(labels), generator=generator).split(32):
            optimizer.zero_grad()
            scores = model(pixels[batch])
            hits += int((scores.argmax(1) == labels[batch]).sum())
            F.cross_entropy(scores, labels[batch]).backward()
            optimizer.step()
        with torch.no_grad():
            right = model(test[0]).argmax(1) == test[1]
        history.append(right.double().mean().item())
        if hits >= 0.99 * len(labels):
            break
    return history
