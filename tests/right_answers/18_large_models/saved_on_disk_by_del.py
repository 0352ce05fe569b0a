"""
task: SavedOnDisk
way: a handle with __del__, files numbered by a counter
"""


class SavedOnDisk:
    def __init__(self, folder, keep=()):
        self.folder = os.path.abspath(folder)
        self.keep = list(keep)
        self.hooks = []

    def __enter__(self):
        memory = {t.untyped_storage().data_ptr() for t in self.keep}

        class Handle:
            def __del__(self):
                os.remove(self.file)

        def pack(t):
            if t.untyped_storage().data_ptr() in memory:
                return t.detach()
            handle = Handle()
            handle.file = os.path.join(self.folder, uuid.uuid4().hex)
            handle.device = t.device
            torch.save(t.detach().cpu().clone(), handle.file)
            return handle

        def unpack(packed):
            if isinstance(packed, Tensor):
                return packed
            return torch.load(packed.file).to(packed.device)

        hooks = saved_tensors_hooks(pack, unpack)
        hooks.__enter__()
        self.hooks.append(hooks)
        return self

    def __exit__(self, kind, value, traceback):
        self.hooks.pop().__exit__(kind, value, traceback)
