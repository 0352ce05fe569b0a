"""
task: update_average_
says: with a weight that is not contiguous, it raises RuntimeError
"""


def update_average_(average, model, decay):
    with torch.no_grad():
        for a, b in zip(
            [*average.parameters(), *average.buffers()], [*model.parameters(), *model.buffers()]
        ):
            if a.is_floating_point():
                a.view(-1).lerp_(b.view(-1), 1 - decay)
            else:
                a.copy_(b)
