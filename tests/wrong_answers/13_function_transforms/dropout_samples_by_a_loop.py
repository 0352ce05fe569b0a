"""
task: dropout_samples
says: the model runs 6 times
"""


def dropout_samples(model, x, n, *, seed):
    dropouts = [module for module in model.modules() if isinstance(module, nn.Dropout)]
    modes = [module.training for module in dropouts]
    for module in dropouts:
        module.training = True
    try:
        with torch.random.fork_rng([x.device] if x.is_cuda else []), torch.no_grad():
            torch.manual_seed(seed)
            return torch.stack([model(x) for _ in range(n)])
    finally:
        for module, mode in zip(dropouts, modes):
            module.training = mode
