"""
task: update_average_
says: decay and 1 - decay are swapped
"""


@torch.no_grad()
def update_average_(average, model, decay):
    for a, m in zip(average.parameters(), model.parameters()):
        a.mul_(1 - decay).add_(m, alpha=decay)
    for a, m in zip(average.buffers(), model.buffers()):
        if a.is_floating_point():
            a.mul_(decay).add_(m, alpha=1 - decay)
        else:
            a.copy_(m)
