"""
task: dropout_samples
way: a deep copy whose dropout is switched on, and the state set by hand
"""


def dropout_samples(model, x, n, *, seed):
    import copy

    twin = copy.deepcopy(model)
    for module in twin.modules():
        if isinstance(module, nn.Dropout):
            module.train()
    state = torch.get_rng_state()
    gpu_state = torch.cuda.get_rng_state(x.device) if x.is_cuda else None
    try:
        torch.manual_seed(seed)
        passes = torch.func.vmap(lambda _: twin(x), randomness="different")
        return passes(torch.zeros(n, device=x.device)).detach()
    finally:
        torch.set_rng_state(state)
        if gpu_state is not None:
            torch.cuda.set_rng_state(gpu_state, x.device)
