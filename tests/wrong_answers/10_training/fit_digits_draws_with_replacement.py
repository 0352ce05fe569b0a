"""
task: fit_digits
says: does not have each image of train once
"""


def fit_digits(model, train, test, *, epochs, generator):
    pixels, labels = train
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    history = []
    for _ in range(epochs):
        for batch in torch.randint(len(labels), (len(labels),), generator=generator).split(32):
            optimizer.zero_grad()
            F.cross_entropy(model(pixels[batch]), labels[batch]).backward()
            optimizer.step()
        with torch.no_grad():
            right = model(test[0]).argmax(1) == test[1]
        history.append(right.double().mean().item())
    return history
