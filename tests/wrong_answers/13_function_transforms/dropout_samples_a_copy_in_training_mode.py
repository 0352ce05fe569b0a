"""
task: dropout_samples
says: the whole model is in training mode, its batch norm too
"""


def dropout_samples(model, x, n, *, seed):
    import copy

    twin = copy.deepcopy(model).train()
    outputs = []

    def keep(module, args, output):
        outputs.append(output)

    with torch.random.fork_rng([x.device] if x.is_cuda else []), torch.no_grad():
        torch.manual_seed(seed)
        return twin(x.repeat(n, *[1] * (x.ndim - 1))).unflatten(0, (n, -1))
