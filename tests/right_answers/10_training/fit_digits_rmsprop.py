"""
task: fit_digits
way: RMSprop, an order from Python's random numbers seeded by the generator
"""


def fit_digits(model, train, test, *, epochs, generator):
    import random

    rng = random.Random(int(torch.randint(2**31, (), generator=generator)))
    optimizer = torch.optim.RMSprop(model.parameters(), lr=0.002)
    out = []
    for _ in range(epochs):
        rows = list(range(len(train[1])))
        rng.shuffle(rows)
        for k in range(0, len(rows), 20):
            part = torch.tensor(rows[k : k + 20], device=train[0].device)
            optimizer.zero_grad()
            torch.nn.functional.cross_entropy(
                model(train[0][part]), train[1][part], reduction="sum"
            ).div(20).backward()
            optimizer.step()
        with torch.no_grad():
            out.append(float(model(test[0]).argmax(1).eq(test[1]).double().mean()))
    return out
