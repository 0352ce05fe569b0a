"""
task: dropout_samples
says: one pass where all that the last layer gets is dropped
"""


def dropout_samples(model, x, n, *, seed):
    drops = [(m, m.training) for m in model.modules() if type(m) is nn.Dropout]
    with torch.no_grad(), torch.random.fork_rng(devices=[x.device] if x.is_cuda else []):
        try:
            torch.manual_seed(seed)
            for m, _ in drops:
                m.training = True
            return torch.func.vmap(model, randomness="different")(x.expand(n, *x.shape)).detach()
        finally:
            for m, mode in drops:
                m.training = mode
