"""What stays alive is seen through weak references and hooks, never by a clock."""

import contextlib
import gc
import math
import weakref

from torch.autograd.graph import saved_tensors_hooks

from gradkata.checks import IdentityWithoutBackward, watch_storages

TORCHS_WORDS = "element 0 of tensors does not require grad and does not have a grad_fn"

MADE_FINITE = "NaN and infinity are made numbers: let them through"

# Changes nothing, and its backward raises what torch says, too.
refusing = IdentityWithoutBackward.apply


def large_infinite_and_nan(like):
    """Return a row of three."""
    return like.new_tensor([1e6, math.inf, math.nan])


def made_finite(due):
    """Return what a caller gets who makes numbers of NaN and infinity."""
    return {MADE_FINITE: lambda: due.nan_to_num()}


def is_dead(reference):
    """Tell whether a storage is gone, at the latest after a garbage collection."""
    if not reference.expired():
        gc.collect()
    return reference.expired()


def nbytes_of(tensor):
    return tensor.untyped_storage().nbytes()


class watched(watch_storages):  # noqa: N801 — read as a phrase: with watched()
    """The same, of `size` bytes or more, and the most that were alive at one time."""

    def __init__(self, size=0):
        super().__init__(least=size)
        self.peak = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        result = super().__torch_dispatch__(func, types, args, kwargs)
        self.peak = max(self.peak, self.alive)
        return result

    @property
    def alive(self):
        """How many of them are alive."""
        return len(self.living())

    @property
    def alive_bytes(self):
        """How many bytes those have that are alive."""
        return sum(self.living())

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
