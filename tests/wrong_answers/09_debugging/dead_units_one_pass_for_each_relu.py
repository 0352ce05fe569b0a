"""
Goes through the batches once for each ReLU, and a generator ends with the first.

task: dead_units
says: with two nn.ReLU modules and batches from a generator
"""


def dead_units(model, batches):
    modes = [(m, m.training) for m in model.modules()]
    dead = {}
    model.eval()
    try:
        for name, relu in model.named_modules():
            if not isinstance(relu, nn.ReLU):
                continue
            alive = []
            handle = relu.register_forward_hook(
                lambda m, a, out, alive=alive: alive.append((out > 0).any(0))
            )
            try:
                with torch.no_grad():
                    for x in batches:
                        model(x)
            finally:
                handle.remove()
            dead[name] = ~torch.stack(alive).any(0)
    finally:
        for m, mode in modes:
            m.training = mode
    return dead
