"""
task: saved_bytes
way: adds up when a storage is new, and compares with those it holds
"""


def saved_bytes(fn, *args):
    total, held = 0, []

    def pack(t):
        nonlocal total
        storage = t.untyped_storage()
        if not any(storage._cdata == other._cdata for other in held):
            held.append(storage)
            total += storage.size() * storage.element_size()
        return t.detach()

    def unpack(t):
        return t

    hooks = torch.autograd.graph.saved_tensors_hooks(pack, unpack)
    hooks.__enter__()
    try:
        fn(*args)
    finally:
        hooks.__exit__()
    return total
