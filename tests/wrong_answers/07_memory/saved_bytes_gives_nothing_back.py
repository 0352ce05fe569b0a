"""
task: saved_bytes
says: where fn itself calls torch.autograd.grad, it raises TypeError
"""


def saved_bytes(fn, *args):
    seen = {}

    def pack(t):
        storage = t.untyped_storage()
        seen[storage.data_ptr()] = storage

    with saved_tensors_hooks(pack, lambda t: None):
        fn(*args)
    return sum(s.nbytes() for s in seen.values())
