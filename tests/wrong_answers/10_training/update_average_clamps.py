"""
task: update_average_
says: differ
"""


def update_average_(average, model, decay):
    with torch.no_grad():
        for old, new in zip(average.parameters(), model.parameters(), strict=True):
            old.lerp_(new.clamp(-1e3, 1e3), 1 - decay)
        for kept, present in zip(average.buffers(), model.buffers(), strict=True):
            if kept.is_floating_point():
                kept.lerp_(present, 1 - decay)
            else:
                kept.copy_(present)
