"""
task: checkpoint
says: inside torch.no_grad()
says: still has a graph attached
"""

import itertools


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

    with torch.enable_grad(), saved_tensors_hooks(lambda _: next(places), give):
        return fn(*args)
