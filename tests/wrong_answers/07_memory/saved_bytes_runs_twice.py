"""
task: saved_bytes
says: fn was called 2 times: once is enough
"""


def saved_bytes(fn, *args):
    fn(*args)
    seen = {}

    def pack(t):
        storage = t.untyped_storage()
        seen[storage.data_ptr()] = storage
        return t.detach()

    with saved_tensors_hooks(pack, lambda t: t):
        fn(*args)
    return sum(s.nbytes() for s in seen.values())
