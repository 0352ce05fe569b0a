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
        states = torch.get_rng_state(), [torch.cuda.get_rng_state(x.device)] if x.is_cuda else []
        torch.manual_seed(seed)
        with torch.no_grad():
            result = torch.func.vmap(model, randomness="different")(x.expand(n, *x.shape))
        torch.set_rng_state(states[0])
        for state in states[1]:
            torch.cuda.set_rng_state(state, x.device)
        return result
    finally:
        for module, mode in zip(dropouts, modes):
            module.training = mode
