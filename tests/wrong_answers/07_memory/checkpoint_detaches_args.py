"""
task: checkpoint
says: args are detached, and nothing leads from fn back to x
"""


def checkpoint(fn, *args):
    state = torch.get_rng_state()
    places = itertools.count()
    recomputed = []

    def give(place):
        if not recomputed:
            recomputed.clear()
            hooks = saved_tensors_hooks(lambda t: recomputed.append(t.detach()), lambda p: p)
            with torch.random.fork_rng(devices=[]), torch.enable_grad(), hooks:
                torch.set_rng_state(state)
                fn(*args)
        return recomputed[place]

    with saved_tensors_hooks(lambda _: next(places), give):
        return fn(
            *[
                a.detach().requires_grad_(a.requires_grad) if isinstance(a, Tensor) else a
                for a in args
            ]
        )
