"""What is made, and what stays alive, is seen below autograd, never by a clock."""

import contextlib
import gc
from collections import Counter

import torch

from gradkata.checks import watch_storages

FEW, ITEM = 10, 8
UNINITIALISED = "what torch.empty makes is not 0 but what its memory held, here NaN"


class Memory(watch_storages):
    """Watch the storages of float64 tensors, of ten elements or more, that are made inside."""

    def __init__(self):
        super().__init__(FEW * ITEM)
        self.peak = 0
        self.counts = Counter()

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        self.counts[func.overloadpacket.__name__] += 1
        result = super().__torch_dispatch__(func, types, args, kwargs)
        self.peak = max(self.peak, self.alive())
        return result

    def most(self):
        """Return how many elements the largest of them has."""
        return self.largest // ITEM

    def alive(self):
        """Return how many elements are alive of what was made inside."""
        return sum(self.living()) // ITEM

    def alive_at_most(self, allowed):
        """Return the same; if that is too much, after Python's garbage collection."""
        if self.alive() > allowed:
            gc.collect()
        return self.alive()

    def products(self):
        """Return how many matrix products have run."""
        return sum(self.counts[name] for name in ("mm", "addmm", "bmm", "baddbmm"))


@contextlib.contextmanager
def watched_backward(memory):
    """Watch backward too, which on a GPU runs in threads of the engine unless told not to."""
    with torch.autograd.set_multithreading_enabled(False), memory:
        yield
