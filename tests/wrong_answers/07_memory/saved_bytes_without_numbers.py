"""
task: saved_bytes
says: 0-d tensors are left out
"""


def saved_bytes(fn, *args):
    storages = {}

    def pack(t):
        if t.dim():
            storages[t.untyped_storage().data_ptr()] = t.untyped_storage()
        return t.detach()

    with saved_tensors_hooks(pack, lambda t: t):
        fn(*args)
    return sum(s.nbytes() for s in storages.values())
