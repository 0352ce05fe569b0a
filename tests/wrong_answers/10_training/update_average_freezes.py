"""
task: update_average_
says: requires_grad of the average's parameters: yours[0] is False, True is due
"""


@torch.no_grad()
def update_average_(average, model, decay):
    for a, m in zip(average.parameters(), model.parameters()):
        a.mul_(decay).add_(m, alpha=1 - decay)
        a.requires_grad_(False)
    for a, m in zip(average.buffers(), model.buffers()):
        if a.is_floating_point():
            a.mul_(decay).add_(m, alpha=1 - decay)
        else:
            a.copy_(m)
