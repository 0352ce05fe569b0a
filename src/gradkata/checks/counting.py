"""Count the operations that run."""

from __future__ import annotations

from collections import Counter
from typing import Any

from gradkata.torch_internals import DispatchMode


class count_operations(DispatchMode):  # noqa: N801 — read as a phrase: with count_operations()
    """Count the operations that run inside, as torch's dispatcher sees them.

    `with count_operations() as count:` makes `count["mm"]` the number of matrix products.
    In-place operations count under their own name: `mul_`.
    """

    def __init__(self) -> None:
        super().__init__()
        self.count: Counter[str] = Counter()

    def __enter__(self) -> Counter[str]:
        super().__enter__()
        return self.count

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        self.count[func.overloadpacket.__name__] += 1
        return func(*args, **(kwargs or {}))
