"""
Takes every 0-d buffer for a count.

task: update_average_
says: a 0-d buffer: yours[1]: it differs
"""


def update_average_(average, model, decay):
    with torch.no_grad():
        for a, b in zip(average.parameters(), model.parameters()):
            a.lerp_(b, 1 - decay)
        for a, b in zip(average.buffers(), model.buffers()):
            if a.ndim and a.is_floating_point():
                a.lerp_(b, 1 - decay)
            else:
                a.copy_(b)
