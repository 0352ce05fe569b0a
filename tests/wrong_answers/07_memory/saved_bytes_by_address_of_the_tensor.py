"""
task: saved_bytes
says: two rows of one storage
says: a storage counts once for each tensor that is saved on it
"""


def saved_bytes(fn, *args):
    seen = {}

    def pack(t):
        seen[t.data_ptr()] = t
        return t.detach()

    with saved_tensors_hooks(pack, lambda t: t):
        fn(*args)
    return sum(t.untyped_storage().nbytes() for t in seen.values())
