"""
Scales the model's own buffers.

task: update_average_
says: the value of the buffer 'scratch'
"""


def update_average_(average, model, decay):
    with torch.no_grad():
        for old, new in zip(average.parameters(), model.parameters(), strict=True):
            old.lerp_(new, 1 - decay)
        for kept, present in zip(average.buffers(), model.buffers(), strict=True):
            if kept.is_floating_point():
                kept.mul_(decay).add_(present.mul_(1 - decay))
            else:
                kept.copy_(present)
