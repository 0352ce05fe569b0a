"""
task: saved_bytes
says: yours is the int 192, the int 96 is due
says: a storage counts once for each tensor that is saved on it
"""


def saved_bytes(fn, *args):
    seen = {}

    def pack(t):
        seen[id(t)] = t.untyped_storage().nbytes()
        return t.detach()

    with saved_tensors_hooks(pack, lambda t: t):
        fn(*args)
    return sum(seen.values())
