"""
task: dropout_samples
says: all modules but batch norm are in training mode
"""


def dropout_samples(model, x, n, *, seed):
    modes = [(m, m.training) for m in model.modules()]
    with torch.no_grad(), torch.random.fork_rng(devices=[x.device] if x.is_cuda else []):
        try:
            torch.manual_seed(seed)
            for m, _ in modes:
                if not isinstance(m, nn.modules.batchnorm._BatchNorm):
                    m.training = True
            return torch.func.vmap(model, randomness="different")(x.expand(n, *x.shape))
        finally:
            for m, mode in modes:
                m.training = mode
