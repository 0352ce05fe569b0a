"""
task: dropout_samples
says: the value of the buffer
"""


def dropout_samples(model, x, n, *, seed):
    modes = [(module, module.training) for module in model.modules()]
    model.train()
    try:
        with torch.random.fork_rng([x.device] if x.is_cuda else []), torch.no_grad():
            torch.manual_seed(seed)
            return model(x.repeat(n, *[1] * (x.ndim - 1))).unflatten(0, (n, -1))
    finally:
        for module, mode in modes:
            module.training = mode
