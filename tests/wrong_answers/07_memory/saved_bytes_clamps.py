"""
task: saved_bytes
says: differ
"""


def saved_bytes(fn, *args):
    storages = {}

    def pack(t):
        storages[t.untyped_storage().data_ptr()] = t.untyped_storage()
        return t.detach()

    with saved_tensors_hooks(pack, lambda t: t.clamp(-1e3, 1e3)):
        fn(*args)
    return sum(storage.nbytes() for storage in storages.values())
