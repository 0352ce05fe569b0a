"""
task: dropout_samples
says: the global random state of the CPU has moved
"""


def dropout_samples(model, x, n, *, seed):
    dropouts = [module for module in model.modules() if isinstance(module, nn.Dropout)]
    modes = [module.training for module in dropouts]
    for module in dropouts:
        module.training = True
    try:
        torch.manual_seed(seed)
        with torch.no_grad():
            return torch.func.vmap(model, randomness="different")(x.expand(n, *x.shape))
    finally:
        for module, mode in zip(dropouts, modes):
            module.training = mode
