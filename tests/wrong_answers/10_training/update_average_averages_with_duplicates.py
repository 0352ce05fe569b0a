"""
task: update_average_
says: it is averaged once for each of its names
"""


@torch.no_grad()
def update_average_(average, model, decay):
    theirs = dict(model.named_parameters(remove_duplicate=False))
    for name, a in average.named_parameters(remove_duplicate=False):
        a.mul_(decay).add_(theirs[name], alpha=1 - decay)
    for a, m in zip(average.buffers(), model.buffers()):
        if a.is_floating_point():
            a.mul_(decay).add_(m, alpha=1 - decay)
        else:
            a.copy_(m)
