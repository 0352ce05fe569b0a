"""
task: update_average_
says: is another object now
"""


@torch.no_grad()
def update_average_(average, model, decay):
    theirs = dict(model.named_parameters())
    done = {}
    for path, module in average.named_modules():
        for name, p in list(module.named_parameters(recurse=False)):
            if p not in done:
                full = f"{path}.{name}".strip(".")
                done[p] = nn.Parameter(decay * p + (1 - decay) * theirs[full], p.requires_grad)
            setattr(module, name, done[p])
    for a, m in zip(average.buffers(), model.buffers()):
        if a.is_floating_point():
            a.mul_(decay).add_(m, alpha=1 - decay)
        else:
            a.copy_(m)
