"""
task: fit_digits
way: AdamW with a schedule over all epochs, and a test in batches
"""


def fit_digits(model, train, test, *, epochs, generator):
    if not epochs:
        return []
    pixels, labels = train
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.01)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs)
    history = []
    for _ in range(epochs):
        order = torch.rand(len(labels), generator=generator).argsort().to(pixels.device)
        shuffled, answers = pixels[order], labels[order]
        for x, y in zip(shuffled.split(50), answers.split(50)):
            optimizer.zero_grad()
            (-F.log_softmax(model(x), 1).gather(1, y[:, None])).mean().backward()
            optimizer.step()
        schedule.step()
        with torch.no_grad():
            hits = sum(
                int((model(x).argmax(1) == y).sum())
                for x, y in zip(test[0].split(64), test[1].split(64))
            )
        history.append(hits / len(test[1]))
    return history
