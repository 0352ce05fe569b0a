"""
task: saved_bytes
says: fn raised KeyboardInterrupt, and the hooks of saved_bytes stayed in place
"""


def saved_bytes(fn, *args):
    storages = {}

    def pack(t):
        storages[t.untyped_storage().data_ptr()] = t.untyped_storage()
        return t.detach()

    hooks = saved_tensors_hooks(pack, lambda t: t)
    hooks.__enter__()
    try:
        fn(*args)
    except Exception:
        hooks.__exit__(None, None, None)
        raise
    hooks.__exit__(None, None, None)
    return sum(s.nbytes() for s in storages.values())
