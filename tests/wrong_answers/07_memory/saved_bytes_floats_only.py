"""
task: saved_bytes
says: only floating tensors are counted
"""


def saved_bytes(fn, *args):
    seen = {}

    def pack(t):
        if t.is_floating_point():
            storage = t.untyped_storage()
            seen[storage.data_ptr()] = storage
        return t.detach()

    with saved_tensors_hooks(pack, lambda t: t):
        fn(*args)
    return sum(s.nbytes() for s in seen.values())
