"""
task: update_average_
says: a leaf Variable that requires grad
"""


def update_average_(average, model, decay):
    for a, m in zip(average.parameters(), model.parameters()):
        a.mul_(decay).add_(m, alpha=1 - decay)
    for a, m in zip(average.buffers(), model.buffers()):
        if a.is_floating_point():
            a.mul_(decay).add_(m, alpha=1 - decay)
        else:
            a.copy_(m)
