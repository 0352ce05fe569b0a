"""
task: SavedOnDisk
says: for two Linear layers
"""


class SavedOnDisk:
    def __init__(self, folder, keep=()):
        self.folder = Path(folder).absolute()
        self.kept = list(keep)
        self.entered = []

    def __enter__(self):

        class File:
            def __init__(self, tensor, folder):
                self.path = folder / f"{uuid.uuid4()}.pt"
                self.device = tensor.device
                weakref.finalize(self, os.unlink, self.path)
                torch.save(tensor.detach(), self.path)

        def pack(tensor):
            if any(tensor is t for t in self.kept):
                return tensor.detach()
            return File(tensor, self.folder)

        def unpack(packed):
            if isinstance(packed, File):
                return torch.load(packed.path, map_location=packed.device)
            return packed

        self.entered.append(saved_tensors_hooks(pack, unpack))
        self.entered[-1].__enter__()
        return self

    def __exit__(self, *error):
        self.entered.pop().__exit__(*error)
