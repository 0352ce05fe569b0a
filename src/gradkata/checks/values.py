"""Values as NumPy arrays, and how far they may be apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

Array = NDArray[Any]

# Relative and absolute tolerance. They are those of torch.testing.assert_close but for float64,
# where torch's would take what has passed through float32 for right.
_PRECISION = {
    torch.float64: (1e-9, 1e-10),
    torch.float32: (1.3e-6, 1e-5),
    torch.bfloat16: (1.6e-2, 1e-5),
    torch.float16: (1e-3, 1e-5),
}


@dataclass(frozen=True)
class Tolerance:
    """How far values may be apart; None takes what suits the expected value's dtype."""

    relative: float | None = None
    absolute: float | None = None

    def for_(self, dtype: torch.dtype) -> tuple[float, float]:
        """Return the relative and the absolute tolerance."""
        relative, absolute = _PRECISION.get(dtype, (0.0, 0.0))
        return (
            relative if self.relative is None else self.relative,
            absolute if self.absolute is None else self.absolute,
        )


def as_array(tensor: Tensor) -> Array:
    """Return the values as NumPy; bfloat16, which NumPy lacks, as float32."""
    # Called on the class, because an attribute of the learner's tensor may hide a method.
    # Cloned, the zeros that forward mode gives have memory, which torch 2.6 does not ask for.
    values = Tensor.detach(tensor).cpu().clone()
    return (values.float() if values.dtype == torch.bfloat16 else values).numpy(force=True)


def close(yours: Array, expected: Array, tolerances: tuple[float, float]) -> NDArray[np.bool_]:
    """Tell of each element whether it is near enough; NaN is near to NaN."""
    relative, absolute = tolerances
    if expected.dtype.kind not in "fc":
        return np.asarray(yours == expected)
    wide_yours, wide_expected = wide(yours), wide(expected)
    with np.errstate(invalid="ignore", over="ignore"):
        near = np.abs(wide_yours - wide_expected) <= absolute + relative * np.abs(wide_expected)
    # An infinite bound would take anything for an infinity; it must be met exactly.
    near &= np.isfinite(wide_expected) & np.isfinite(wide_yours)
    both_nan = np.isnan(wide_yours) & np.isnan(wide_expected)
    return np.asarray(near | (wide_yours == wide_expected) | both_nan)


def wide(values: Array) -> Array:
    """Return the values in double precision."""
    return values.astype(np.complex128 if values.dtype.kind == "c" else np.float64)
