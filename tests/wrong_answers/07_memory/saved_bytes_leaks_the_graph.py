"""
task: saved_bytes
says: the output of fn is still alive after the call
says: Return t.detach()
"""


def saved_bytes(fn, *args):
    seen = {}

    def pack(t):
        storage = t.untyped_storage()
        seen[storage.data_ptr()] = storage
        return t

    with saved_tensors_hooks(pack, lambda t: t):
        fn(*args)
    return sum(s.nbytes() for s in seen.values())
