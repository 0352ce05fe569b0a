"""
task: checkpoint
says: fn drew another mask in backward
"""


def checkpoint(fn, *args):
    seed = torch.initial_seed()
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
            with (
                torch.random.fork_rng([]),
                torch.enable_grad(),
                saved_tensors_hooks(keep, rec.__getitem__),
            ):
                torch.manual_seed(seed)
                fn(*args)
        return rec[i]

    with saved_tensors_hooks(count, give):
        return fn(*args)
