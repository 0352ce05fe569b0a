"""What is made, and what stays alive, is seen below autograd, never by a clock."""

import contextlib
import gc

import torch
from torch.multiprocessing.reductions import StorageWeakRef

from gradkata.checks import DispatchMode, tensors_in

FEW = 10


def elements_of(tensor):
    """Return how many elements the storage of a tensor holds."""
    return tensor.untyped_storage().nbytes() // tensor.element_size()


class Memory(DispatchMode):
    """Watch the storages of floating tensors, of ten elements or more, that are made inside."""

    def __init__(self):
        super().__init__()
        self.largest, self.peak = 0, 0
        self.counts = {}
        self._living = []

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        result = func(*args, **(kwargs or {}))
        name = func.overloadpacket.__name__
        self.counts[name] = self.counts.get(name, 0) + 1
        known = {t.untyped_storage().data_ptr() for t in tensors_in((args, kwargs))}
        for tensor in tensors_in(result):
            storage = tensor.untyped_storage()
            if storage.data_ptr() in known or not tensor.is_floating_point():
                continue
            known.add(storage.data_ptr())
            size = elements_of(tensor)
            if size >= FEW:
                self.largest = max(self.largest, size)
                self._living.append((StorageWeakRef(storage), size))
        self.peak = max(self.peak, self.alive())
        return result

    def alive(self):
        """Return how many elements are alive of what was made inside."""
        self._living = [(ref, size) for ref, size in self._living if not ref.expired()]
        return sum(size for _, size in self._living)

    def alive_at_most(self, allowed):
        """Return the same; if that is too much, after Python's garbage collection."""
        if self.alive() > allowed:
            gc.collect()
        return self.alive()

    def products(self):
        """Return how many matrix products have run."""
        return sum(self.counts.get(name, 0) for name in ("mm", "addmm", "bmm", "baddbmm"))


@contextlib.contextmanager
def watched_backward(memory):
    """Watch backward too, which on a GPU runs in threads of the engine unless told not to."""
    with torch.autograd.set_multithreading_enabled(False), memory:
        yield
