"""
task: update_average_
says: integer buffers are averaged: copy them
"""


@torch.no_grad()
def update_average_(average, model, decay):
    for a, m in zip(average.parameters(), model.parameters()):
        a.mul_(decay).add_(m, alpha=1 - decay)
    for a, m in zip(average.buffers(), model.buffers()):
        a.copy_(decay * a + (1 - decay) * m)
