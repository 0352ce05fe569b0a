"""
task: dropout_samples
way: all passes as one batch, n times as large
"""


def dropout_samples(model, x, n, *, seed):
    dropouts = [module for module in model.modules() if isinstance(module, nn.Dropout)]
    modes = [module.training for module in dropouts]
    for module in dropouts:
        module.training = True
    try:
        with torch.random.fork_rng([x.device] if x.is_cuda else []), torch.no_grad():
            torch.manual_seed(seed)
            return model(x.repeat(n, *[1] * (x.ndim - 1))).unflatten(0, (n, -1))
    finally:
        for module, mode in zip(dropouts, modes):
            module.training = mode
