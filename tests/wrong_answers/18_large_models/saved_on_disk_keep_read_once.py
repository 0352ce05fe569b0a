"""
task: SavedOnDisk
says: a generator can be gone through only once
"""


class SavedOnDisk:
    """torch.save, weakref.finalize, a stack of hooks."""

    def __init__(self, folder, keep=()):
        self.folder = Path(folder).absolute()
        self.keep = keep
        self.stack = []

    def __enter__(self):
        keep, folder = self.keep, self.folder

        class Held:
            pass

        def pack(tensor):
            at = tensor.untyped_storage().data_ptr()
            if any(t.untyped_storage().data_ptr() == at for t in keep):
                return tensor
            held = Held()
            held.path = folder / f"{uuid.uuid4().hex}.pt"
            weakref.finalize(held, held.path.unlink, missing_ok=True)
            torch.save(tensor.detach().clone(), held.path)
            return held

        def unpack(held):
            return held if isinstance(held, Tensor) else torch.load(held.path)

        hooks = saved_tensors_hooks(pack, unpack)
        hooks.__enter__()
        self.stack.append(hooks)
        return self

    def __exit__(self, *error):
        self.stack.pop().__exit__(*error)
