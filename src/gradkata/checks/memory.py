"""Let no test pass by what memory happens to hold."""

from __future__ import annotations

from typing import Any

from gradkata.torch_internals import DispatchMode

_UNINITIALISED = {"empty", "empty_like", "empty_strided", "new_empty", "new_empty_strided"}


class stale_memory(DispatchMode):  # noqa: N801 — read as a phrase: with stale_memory()
    """Fill with NaN what `torch.empty` and its like make inside: of fresh memory, much is 0."""

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        if func.overloadpacket.__name__ in _UNINITIALISED and result.is_floating_point():
            result.fill_(float("nan"))
        return result
