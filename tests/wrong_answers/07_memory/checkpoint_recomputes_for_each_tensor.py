"""
task: checkpoint
says: fn was called 6 times in all
"""

import itertools


def checkpoint(fn, *args):
    state = torch.get_rng_state()
    places = itertools.count()
    recomputed = []

    def give(place):
        if True:
            recomputed.clear()
            hooks = saved_tensors_hooks(lambda t: recomputed.append(t.detach()), lambda p: p)
            with torch.random.fork_rng(devices=[]), torch.enable_grad(), hooks:
                torch.set_rng_state(state)
                fn(*args)
        return recomputed[place]

    with saved_tensors_hooks(lambda _: next(places), give):
        return fn(*args)
