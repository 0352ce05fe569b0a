"""
task: checkpoint
says: 4 tensors of x's size are alive between forward and backward
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
        return recomputed[place[0]]

    with saved_tensors_hooks(lambda t: (next(places), t.detach()), give):
        return fn(*args)
