"""
task: saved_bytes
says: leaves, such as inputs and parameters, are left out
"""


def saved_bytes(fn, *args):
    seen = {}
    known = {a.data_ptr() for a in args if isinstance(a, Tensor)}

    def pack(t):
        storage = t.untyped_storage()
        if storage.data_ptr() not in known:
            seen[storage.data_ptr()] = storage
        return t.detach()

    with saved_tensors_hooks(pack, lambda t: t):
        fn(*args)
    return sum(s.nbytes() for s in seen.values())
