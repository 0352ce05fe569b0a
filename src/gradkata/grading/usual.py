"""Import once what the tests of most exercises import: of sympy and of torch some 480 modules."""

from __future__ import annotations

import contextlib

with contextlib.suppress(ImportError):  # a torch that has none of that name
    import torch.fx.experimental.symbolic_shapes  # noqa: F401
