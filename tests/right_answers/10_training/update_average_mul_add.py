"""
task: update_average_
way: remembers what is done by id, and scales and adds in place
"""


@torch.no_grad()
def update_average_(average: nn.Module, model: nn.Module, decay: float) -> None:
    done: set[int] = set()
    mine = [*average.parameters(), *average.buffers()]
    theirs = [*model.parameters(), *model.buffers()]
    for old, new in zip(mine, theirs):
        if id(old) in done:
            continue
        done.add(id(old))
        if old.is_floating_point() or old.is_complex():
            old.mul_(decay).add_(new, alpha=1 - decay)
        else:
            old.copy_(new)
