"""
task: SavedOnDisk
says: each writes files of its own
"""


class SavedOnDisk:
    """Files, each with a finalizer."""

    def __init__(self, folder, keep=()):
        self.folder = Path(folder).absolute()
        self.keep = list(keep)
        self.entered = []

    def __enter__(self):

        class File:
            def __init__(self, tensor, folder):
                self.path = folder / f"{len(os.listdir(folder))}.pt"
                self.device = tensor.device
                weakref.finalize(self, os.unlink, self.path)
                torch.save(tensor.detach(), self.path)

        def pack(tensor):
            at = tensor.untyped_storage().data_ptr()
            if any(t.untyped_storage().data_ptr() == at for t in self.keep):
                return tensor.detach()
            return File(tensor, self.folder)

        def unpack(held):
            if isinstance(held, Tensor):
                return held
            return torch.load(held.path, map_location=held.device)

        self.entered.append(saved_tensors_hooks(pack, unpack))
        self.entered[-1].__enter__()
        return self

    def __exit__(self, *error):
        self.entered.pop().__exit__(*error)
