"""
task: saved_bytes
says: leaves, such as inputs and parameters, are left out
"""


def saved_bytes(fn, *args):
    seen = {}

    def pack(t):
        if t.grad_fn is not None or not t.requires_grad:
            storage = t.untyped_storage()
            seen[storage.data_ptr()] = storage
        return t.detach()

    with saved_tensors_hooks(pack, lambda t: t):
        fn(*args)
    return sum(s.nbytes() for s in seen.values())
