"""
task: saved_bytes
says: fn got other objects than the args
"""


def saved_bytes(fn, *args):
    storages = {}

    def pack(t):
        storages[t.untyped_storage().data_ptr()] = t.untyped_storage()
        return t.detach()

    if torch.is_grad_enabled():
        args = [
            a.detach().requires_grad_(a.requires_grad) if isinstance(a, Tensor) else a for a in args
        ]
    with saved_tensors_hooks(pack, lambda t: t):
        fn(*args)
    return sum(storage.nbytes() for storage in storages.values())
