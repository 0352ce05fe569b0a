"""
task: update_average_
says: not implemented for 'Bool'
"""


@torch.no_grad()
def update_average_(average, model, decay):
    for a, m in zip(average.parameters(), model.parameters()):
        a.lerp_(m, 1 - decay)
    for a, m in zip(average.buffers(), model.buffers()):
        a.lerp_(m, 1 - decay)
