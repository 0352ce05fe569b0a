"""
task: update_average_
way: lerp from the other end, assigned to a slice
"""


def update_average_(average, model, decay):
    pairs = zip(
        [*average.parameters(), *average.buffers()], [*model.parameters(), *model.buffers()]
    )
    for a, b in ((a.detach(), b.detach()) for a, b in pairs):
        a[...] = torch.lerp(b, a, decay) if a.is_floating_point() else b
