"""
task: checkpoint
says: fn was interrupted in backward, and the random state of the CPU has moved
"""


def checkpoint(fn, *args):
    gpus = {a.get_device() for a in args if isinstance(a, Tensor) and a.is_cuda}
    state = torch.get_rng_state()
    gstates = {g: torch.cuda.get_rng_state(g) for g in gpus}
    n = 0
    rec = []

    def count(_):
        nonlocal n
        n += 1
        return n - 1

    def keep(t):
        rec.append(t.detach())
        return len(rec) - 1

    def give(i):
        if not rec:
            now = torch.get_rng_state()
            gnow = {g: torch.cuda.get_rng_state(g) for g in gpus}
            torch.set_rng_state(state)
            for g, s in gstates.items():
                torch.cuda.set_rng_state(s, g)
            with torch.enable_grad(), saved_tensors_hooks(keep, rec.__getitem__):
                fn(*args)
            torch.set_rng_state(now)
            for g, s in gnow.items():
                torch.cuda.set_rng_state(s, g)
        return rec[i]

    with saved_tensors_hooks(count, give):
        return fn(*args)
