"""What stays alive is seen through weak references and hooks, never by a clock."""

import contextlib
import gc
import weakref

from torch.autograd.graph import saved_tensors_hooks
from torch.multiprocessing.reductions import StorageWeakRef

from gradkata.checks import DispatchMode, IdentityWithoutBackward, tensors_in

TORCHS_WORDS = "element 0 of tensors does not require grad and does not have a grad_fn"

# Changes nothing, and its backward raises what torch says, too.
refusing = IdentityWithoutBackward.apply


def storages_in(values):
    return [t.untyped_storage() for t in tensors_in(values)]


def is_dead(reference):
    """Tell whether a storage is gone, at the latest after a garbage collection."""
    if not reference.expired():
        gc.collect()
    return reference.expired()


def nbytes_of(tensor):
    return tensor.untyped_storage().nbytes()


class watched(DispatchMode):  # noqa: N801 — read as a phrase: with watched()
    """Watch the storages of floating tensors, of `size` bytes or more, that are made inside."""

    def __init__(self, size=0):
        super().__init__()
        self.size, self.made, self.peak = size, 0, 0
        self.references = []

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        result = func(*args, **(kwargs or {}))
        known = {s.data_ptr() for s in storages_in((args, kwargs))}
        floating = [t for t in tensors_in(result) if t.is_floating_point()]
        new = {s.data_ptr(): s for s in storages_in(floating) if s.nbytes() >= max(1, self.size)}
        fresh = [StorageWeakRef(s) for place, s in new.items() if place not in known]
        sizes = [s.nbytes() for place, s in new.items() if place not in known]
        self.made += len(fresh)
        self.references = [*self._living(), *zip(fresh, sizes, strict=True)]
        self.peak = max(self.peak, len(self.references))
        return result

    def _living(self):
        return [(ref, size) for ref, size in self.references if not ref.expired()]

    @property
    def alive(self):
        """How many of them are alive."""
        return len(self._living())

    @property
    def alive_bytes(self):
        """How many bytes those have that are alive."""
        return sum(size for _, size in self._living())

    def alive_but_for(self, allowed):
        """Count those that are alive; if more than are allowed, those that stay so."""
        if self.alive > allowed:
            gc.collect()
        return self.alive


class Saved:
    """What a graph holds of a saved tensor: a weak reference tells when the graph is gone."""

    def __init__(self, tensor):
        self.tensor = tensor.detach()


class Graphs:
    """Tells which of the graphs built in `another` are still alive."""

    def __init__(self):
        self.references = []
        self.counts = []

    @contextlib.contextmanager
    def another(self):
        """Watch the graph that is built inside, and note how many older ones are alive."""
        self.counts.append(len(self.alive()))
        mine = []
        self.references.append(mine)

        def pack(tensor):
            saved = Saved(tensor)
            mine.append(weakref.ref(saved))
            return saved

        with saved_tensors_hooks(pack, lambda saved: saved.tensor):
            yield

    def watch(self, y):
        """Watch the nodes too, of which y has the last: they outlive what backward frees."""
        mark = Saved(y)
        y.grad_fn.metadata["mark"] = mark
        self.references[-1].append(weakref.ref(mark))

    def alive(self):
        return [i for i, refs in enumerate(self.references) if any(r() is not None for r in refs)]
