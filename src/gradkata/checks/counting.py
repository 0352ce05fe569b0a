"""Count the operations that run, and the elements that they make."""

from __future__ import annotations

from collections import Counter
from typing import Any

from gradkata.torch_internals import DispatchMode, tensors_in

_VIEWS = {
    *("view", "expand", "t", "transpose", "permute", "unsqueeze", "squeeze", "select", "unbind"),
    *("split_with_sizes", "alias", "detach", "_efficientzerotensor"),
}


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


class count_elements(DispatchMode):  # noqa: N801 — likewise
    """Count the elements of the tensors that operations make inside; a view makes none.

    `made` is how many all operations make, `largest` how many the largest tensor has.
    """

    def __init__(self) -> None:
        super().__init__()
        self.made = self.largest = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        if func.overloadpacket.__name__ not in _VIEWS:
            sizes = [t.numel() for t in tensors_in(result)]
            self.made += sum(sizes)
            self.largest = max([self.largest, *sizes])
        return result
