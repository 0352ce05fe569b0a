"""
task: saved_bytes
says: it leaves a change behind: hooks on every saved tensor
"""


def saved_bytes(fn, *args):
    seen = {}

    def pack(t):
        storage = t.untyped_storage()
        seen[storage.data_ptr()] = storage
        return t.detach()

    hooks = saved_tensors_hooks(pack, lambda t: t)
    hooks.__enter__()
    fn(*args)
    hooks.__exit__()
    return sum(s.nbytes() for s in seen.values())
