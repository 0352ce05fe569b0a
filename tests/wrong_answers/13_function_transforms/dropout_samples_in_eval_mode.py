"""
task: dropout_samples
says: nothing is dropped
"""


def dropout_samples(model, x, n, *, seed):
    with torch.random.fork_rng([x.device] if x.is_cuda else []), torch.no_grad():
        torch.manual_seed(seed)
        return torch.func.vmap(model, randomness="different")(x.expand(n, *x.shape))
