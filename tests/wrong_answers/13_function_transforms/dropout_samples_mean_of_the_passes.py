"""
task: dropout_samples
says: has shape (5, 24)
"""


def dropout_samples(model, x, n, *, seed):
    dropouts = [module for module in model.modules() if isinstance(module, nn.Dropout)]
    modes = [module.training for module in dropouts]
    for module in dropouts:
        module.training = True
    try:
        with torch.random.fork_rng([x.device] if x.is_cuda else []), torch.no_grad():
            torch.manual_seed(seed)
            return torch.func.vmap(model, randomness="different")(x.expand(n, *x.shape)).mean(0)
    finally:
        for module, mode in zip(dropouts, modes):
            module.training = mode
