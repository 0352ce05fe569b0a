"""
task: saved_bytes
says: hold each storage until fn has returned
"""


def saved_bytes(fn, *args):
    seen = {}

    def pack(t):
        storage = t.untyped_storage()
        seen[storage.data_ptr()] = storage.nbytes()
        return t.detach()

    with saved_tensors_hooks(pack, lambda t: t):
        fn(*args)
    return sum(seen.values())
