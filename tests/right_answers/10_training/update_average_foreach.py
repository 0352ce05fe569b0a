"""
task: update_average_
way: all tensors at once
"""


def update_average_(average, model, decay):
    mine = [*average.parameters(), *average.buffers()]
    theirs = [*model.parameters(), *model.buffers()]
    pairs = [(a.detach(), b.detach()) for a, b in zip(mine, theirs, strict=True)]
    floating = [pair for pair in pairs if pair[0].is_floating_point()]
    torch._foreach_lerp_([a for a, _ in floating], [b for _, b in floating], 1 - decay)
    for a, b in pairs:
        if not a.is_floating_point():
            a.copy_(b)
