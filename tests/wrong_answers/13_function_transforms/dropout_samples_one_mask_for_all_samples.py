"""
task: dropout_samples
says: drops the same elements of every sample
"""


def dropout_samples(model, x, n, *, seed):
    dropouts = [module for module in model.modules() if isinstance(module, nn.Dropout)]
    modes = [module.training for module in dropouts]
    gpus = [x.device] if x.is_cuda else []
    try:
        for module in dropouts:
            module.training = True
        with torch.random.fork_rng(gpus), torch.no_grad():
            torch.manual_seed(seed)
            of_one = lambda sample: model(sample[None])[0]  # noqa: E731
            one_pass = torch.func.vmap(of_one, randomness="same")
            return torch.func.vmap(one_pass, randomness="different")(x.expand(n, *x.shape))
    finally:
        for module, mode in zip(dropouts, modes, strict=True):
            module.training = mode
