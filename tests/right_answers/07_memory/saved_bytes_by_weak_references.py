"""
task: saved_bytes
way: a weak reference, which keeps the name of a dead storage from being given again
"""

from torch.multiprocessing.reductions import StorageWeakRef


def saved_bytes(fn, *args):
    sizes = {}

    class Hooks(saved_tensors_hooks):
        def __init__(self):
            super().__init__(self.pack, lambda t: t)

        def pack(self, t):
            storage = t.untyped_storage()
            sizes.setdefault(StorageWeakRef(storage), storage.nbytes())
            return t.detach()

    with Hooks():
        fn(*args)
    return sum(sizes.values())
