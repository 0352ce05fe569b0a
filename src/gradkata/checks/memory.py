"""Fresh memory that holds NaN, and the storages that are made and stay alive."""

from __future__ import annotations

from typing import Any

from torch.multiprocessing.reductions import StorageWeakRef

from gradkata.torch_internals import DispatchMode, tensors_in

_UNINITIALISED = {"empty", "empty_like", "empty_strided", "new_empty", "new_empty_strided"}


class stale_memory(DispatchMode):  # noqa: N801 — read as a phrase: with stale_memory()
    """Fill what `torch.empty` and its like make inside with NaN: fresh memory is often 0."""

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        if func.overloadpacket.__name__ in _UNINITIALISED and result.is_floating_point():
            result.fill_(float("nan"))
        return result


class watch_storages(DispatchMode):  # noqa: N801 — read as a phrase: with watch_storages()
    """Watch the storages of floating tensors, of `least` bytes or more, that are made inside.

    `made` counts them, `largest` is the size of the largest in bytes.
    """

    def __init__(self, least: int = 1) -> None:
        super().__init__()
        self.least, self.made, self.largest = max(1, least), 0, 0
        self._living: list[tuple[StorageWeakRef, int]] = []

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        known = {t.untyped_storage().data_ptr() for t in tensors_in((args, kwargs))}
        for tensor in tensors_in(result):
            storage = tensor.untyped_storage()
            if storage.data_ptr() in known or not tensor.is_floating_point():
                continue
            known.add(storage.data_ptr())
            if (size := storage.nbytes()) >= self.least:
                self.made += 1
                self.largest = max(self.largest, size)
                self._living.append((StorageWeakRef(storage), size))
        return result

    def living(self) -> list[int]:
        """Return the size in bytes of each that is alive."""
        self._living = [(ref, size) for ref, size in self._living if not ref.expired()]
        return [size for _, size in self._living]
