"""
task: fit_digits
says: images of test go through the model while recording is on
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
        with torch.enable_grad():
            right = model(test[0]).argmax(1) == test[1]
        history.append(right.double().mean().item())
    return history
