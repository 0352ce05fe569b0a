"""
task: update_average_
says: buffers are left out
"""


@torch.no_grad()
def update_average_(average, model, decay):
    for a, m in zip(average.parameters(), model.parameters()):
        a.mul_(decay).add_(m, alpha=1 - decay)
