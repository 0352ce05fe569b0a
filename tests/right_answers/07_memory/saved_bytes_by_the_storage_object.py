"""
task: saved_bytes
way: a class of hooks, storages by the address of their object
"""


def saved_bytes(fn, *args):
    seen = {}

    class Hooks(saved_tensors_hooks):
        def __init__(self):
            super().__init__(self.pack, lambda t: t)

        @staticmethod
        def pack(t):
            s = t.untyped_storage()
            seen.setdefault(s._cdata, s)
            return t.view_as(t).detach()

    with Hooks():
        fn(*args)
    return sum(map(len, seen.values()))
