"""
All hooks read the loop's variable.

task: dead_units
says: every hook reads one variable
"""


def dead_units(model, batches):
    alive, handles = {}, []
    modes = [(m, m.training) for m in model.modules()]
    relus = [(n, m) for n, m in model.named_modules() if isinstance(m, nn.ReLU)]
    for name, m in relus:
        handles.append(
            m.register_forward_hook(
                lambda _m, _a, out: alive.__setitem__(
                    name, alive.get(name, False) | (out > 0).any(0)
                )
            )
        )
    try:
        model.eval()
        with torch.no_grad():
            for x in batches:
                model(x)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    return {n: ~a for n, a in alive.items()}
