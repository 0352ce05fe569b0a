"""
task: dropout_samples
says: given x of shape (4, 2, 3)
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
            return torch.func.vmap(model, randomness="different")(x.expand(n, -1, -1))
    finally:
        for module, mode in zip(dropouts, modes, strict=True):
            module.training = mode
