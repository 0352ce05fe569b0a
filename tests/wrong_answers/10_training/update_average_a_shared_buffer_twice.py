"""
Walks the modules, and averages a shared buffer under both of its names.

task: update_average_
says: it is averaged once for each of its names
"""


def update_average_(average, model, decay):
    with torch.no_grad():
        for old, new in zip(average.parameters(), model.parameters(), strict=True):
            old.lerp_(new, 1 - decay)
        for a, m in zip(average.modules(), model.modules(), strict=True):
            for kept, present in zip(a.buffers(recurse=False), m.buffers(recurse=False)):
                if kept.is_floating_point():
                    kept.lerp_(present, 1 - decay)
                else:
                    kept.copy_(present)
