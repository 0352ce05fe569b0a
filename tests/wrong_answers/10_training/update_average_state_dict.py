"""
task: update_average_
says: it is averaged once for each of its names
"""


@torch.no_grad()
def update_average_(average, model, decay):
    theirs = model.state_dict()
    for name, a in average.state_dict().items():
        if a.is_floating_point():
            a.mul_(decay).add_(theirs[name], alpha=1 - decay)
        else:
            a.copy_(theirs[name])
