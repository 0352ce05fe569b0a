"""
Takes it for granted that the first arg is a tensor.

task: checkpoint
says: IndexError
"""


def checkpoint(fn, *args):
    state = torch.get_rng_state()
    on_gpu = args[0].is_cuda
    kept = []
    n = 0

    def count(_):
        nonlocal n
        n += 1
        return n - 1

    def give(i):
        if not kept:
            hooks = saved_tensors_hooks(
                lambda t: kept.append(t.detach()) or len(kept) - 1, kept.__getitem__
            )
            with (
                torch.random.fork_rng([args[0].device] if on_gpu else []),
                torch.enable_grad(),
                hooks,
            ):
                torch.set_rng_state(state)
                fn(*args)
        return kept[i]

    with saved_tensors_hooks(count, give):
        return fn(*args)
