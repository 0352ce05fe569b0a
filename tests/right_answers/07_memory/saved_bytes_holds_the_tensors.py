"""
task: saved_bytes
way: keeps every tensor that is saved, and asks for storages at the end
"""


def saved_bytes(fn, *args):
    saved = []

    def pack(t):
        saved.append(t.detach())
        return len(saved) - 1

    with saved_tensors_hooks(pack, saved.__getitem__):
        fn(*args)
    return sum({t.untyped_storage()._cdata: t.untyped_storage().nbytes() for t in saved}.values())
