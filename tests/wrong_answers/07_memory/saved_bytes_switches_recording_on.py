"""
task: saved_bytes
says: recording is switched on for fn
"""


def saved_bytes(fn, *args):
    storages = {}

    def pack(t):
        storages[t.untyped_storage().data_ptr()] = t.untyped_storage()
        return t.detach()

    with torch.enable_grad(), saved_tensors_hooks(pack, lambda t: t):
        fn(*args)
    return sum(s.nbytes() for s in storages.values())
