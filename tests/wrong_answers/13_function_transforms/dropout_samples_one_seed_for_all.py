"""
task: dropout_samples
says: with seed=0 and with seed=2**31 the masks are the same
"""


def dropout_samples(model, x, n, *, seed):
    dropouts = [module for module in model.modules() if isinstance(module, nn.Dropout)]
    modes = [module.training for module in dropouts]
    for module in dropouts:
        module.training = True
    try:
        with torch.random.fork_rng([x.device] if x.is_cuda else []), torch.no_grad():
            torch.manual_seed(0)
            return torch.func.vmap(model, randomness="different")(x.expand(n, *x.shape))
    finally:
        for module, mode in zip(dropouts, modes):
            module.training = mode
