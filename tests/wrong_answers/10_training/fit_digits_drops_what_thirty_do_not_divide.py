"""
Leaves out a last batch that is smaller, for 30 images in a batch.

task: fit_digits
says: the images trained on in 3 epochs
"""


def fit_digits(model, train, test, *, epochs, generator):
    pixels, labels = train
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    history = []
    for _ in range(epochs):
        order = torch.randperm(len(labels), generator=generator)
        for i in range(len(labels) // 30):
            batch = order[30 * i : 30 * i + 30]
            optimizer.zero_grad()
            F.cross_entropy(model(pixels[batch]), labels[batch]).backward()
            optimizer.step()
        with torch.no_grad():
            right = model(test[0]).argmax(1) == test[1]
        history.append(right.double().mean().item())
    return history
