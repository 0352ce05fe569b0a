"""
task: saved_bytes
says: a storage counts once for each tensor that is saved on it
"""


def saved_bytes(fn, *args):
    total = 0

    def pack(t):
        nonlocal total
        total += t.untyped_storage().nbytes()
        return t.detach()

    with saved_tensors_hooks(pack, lambda t: t):
        fn(*args)
    return total
