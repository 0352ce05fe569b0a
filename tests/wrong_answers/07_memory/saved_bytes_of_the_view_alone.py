"""
task: saved_bytes
says: a view counts with its own elements and not with its storage
"""


def saved_bytes(fn, *args):
    seen = {}

    def pack(t):
        seen[t.data_ptr()] = t.detach()
        return t.detach()

    with saved_tensors_hooks(pack, lambda t: t):
        fn(*args)
    return sum(t.nbytes for t in seen.values())
