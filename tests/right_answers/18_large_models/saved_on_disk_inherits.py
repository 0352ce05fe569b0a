"""
task: SavedOnDisk
way: a subclass of saved_tensors_hooks, and temporary files of the standard library
"""


class SavedOnDisk(saved_tensors_hooks):
    def __init__(self, folder, keep=()):
        folder = os.path.abspath(folder)
        kept = [t.untyped_storage() for t in keep]

        def pack(tensor):
            place = tensor.untyped_storage().data_ptr()
            if any(place == storage.data_ptr() for storage in kept):
                return None, tensor.detach()
            import tempfile

            file = tempfile.NamedTemporaryFile(dir=folder)
            torch.save(tensor.detach().clone(), file)
            file.flush()
            return file, tensor.device

        def unpack(packed):
            file, other = packed
            if file is None:
                return other
            file.seek(0)
            return torch.load(file, map_location=other)

        super().__init__(pack, unpack)
