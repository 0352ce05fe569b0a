"""
task: checkpoint
says: in backward, where grad mode is off, it raises IndexError
"""


def checkpoint(fn, *args):
    state = torch.get_rng_state()
    places, recomputed = [], []

    def pack(t):
        places.append(None)
        return len(places) - 1

    def give(place):
        if not recomputed:
            hooks = saved_tensors_hooks(lambda t: recomputed.append(t.detach()), lambda p: p)
            with torch.random.fork_rng(devices=[]), hooks:
                torch.set_rng_state(state)
                fn(*args)
        return recomputed[place]

    with saved_tensors_hooks(pack, give):
        return fn(*args)
