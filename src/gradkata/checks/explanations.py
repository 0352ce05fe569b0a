"""Explain a difference by a sentence, where one is certain."""

from __future__ import annotations

import math

import numpy as np
from torch import Tensor

from gradkata.checks.values import Array, Tolerance, as_array, close


def explain_shape(your_tensor: Tensor, due: Tensor, tolerance: Tolerance) -> str:
    """Return what makes the shape wrong; it may be empty."""
    yours, expected = as_array(your_tensor), as_array(due)
    if not expected.any():
        return ""  # of zeros, every sum and every transpose is right by chance
    tolerances = tolerance.for_(due.dtype)
    if yours.shape == expected.T.shape and close(yours.T, expected, tolerances).all():
        return "This is exactly what you get when the result is transposed."
    if yours.size == expected.size and close(yours.ravel(), expected.ravel(), tolerances).all():
        return "The values are right, only the shape is not."
    axes = broadcast_axes(yours.shape, expected.shape)
    if axes and close(_sum_to(yours, expected.shape), expected, tolerances).all():
        names = " and ".join(str(axis) for axis in axes)
        kind = "axis" if len(axes) == 1 else "axes"
        return (
            f"The values are torch's before they are summed: sum over the broadcast {kind} {names}."
        )
    return ""


def broadcast_axes(large: tuple[int, ...], small: tuple[int, ...]) -> list[int]:
    """Return the axes of `large` over which a sum gives the shape `small`; none if it cannot."""
    missing = len(large) - len(small)
    if missing < 0:
        return []
    pairs = list(zip(large, (1,) * missing + small, strict=True))
    if any(a != b and b != 1 for a, b in pairs):
        return []
    return [i for i, (a, b) in enumerate(pairs) if i < missing or a != b]


def _sum_to(values: Array, shape: tuple[int, ...]) -> Array:
    axes = tuple(broadcast_axes(values.shape, shape))
    with np.errstate(invalid="ignore", over="ignore"):
        return np.asarray(values.sum(axis=axes, keepdims=True)).reshape(shape)


def explain_values(yours: Array, expected: Array, tolerances: tuple[float, float]) -> str:
    """Return what makes the values wrong; it may be empty."""
    if yours.dtype.kind != "f":
        return ""
    if np.isnan(yours).any() and not np.isnan(expected).any():
        number = int(np.isnan(yours).sum())
        return f"{number} of yours {'is' if number == 1 else 'are'} NaN, none of torch's is."
    if not np.isfinite(yours).all() or not np.isfinite(expected).all():
        return ""
    if not yours.any():
        return "Every element of yours is 0."
    if close(yours, -expected, tolerances).all():
        return "This is exactly what you get when the sign is flipped."
    if yours.shape == expected.T.shape and close(yours, expected.T, tolerances).all():
        return "This is exactly what you get when the result is transposed."
    if yours.dtype == np.float64 and close(yours, expected, _single(expected)).all():
        return _explain_precision(yours)
    factor = _constant_factor(yours, expected, tolerances)
    if factor is not None:
        return f"Yours is torch's times {factor:.6g}, everywhere."
    return ""


def _single(expected: Array) -> tuple[float, float]:
    """Return tolerances that float32, which keeps 24 bits, meets beside the largest value."""
    return 0.0, 3e-6 * float(np.abs(expected).max())


def _explain_precision(yours: Array) -> str:
    with np.errstate(over="ignore"):
        held = (yours.astype(np.float32) == yours).all()
    # Only what float32 can hold has surely passed through it.
    advice = (
        "compute in float64 all the way"
        if held
        else "a step in float32 does that, and so does a difference quotient"
    )
    return f"The two agree to the precision of float32: {advice}."


def _constant_factor(
    yours: Array, expected: Array, tolerances: tuple[float, float]
) -> float | None:
    """Return c if yours is c times expected, and chance cannot give that."""
    if not expected.any():
        return None
    at = np.unravel_index(int(np.abs(expected).argmax()), expected.shape) if expected.ndim else ()
    with np.errstate(over="ignore", invalid="ignore"):
        factor = float(yours[at]) / float(expected[at])
        telling = np.count_nonzero(~close(yours, expected, tolerances)) >= 3 or _is_simple(factor)
        exact = close(yours, factor * expected, tolerances).all()
    return factor if telling and exact else None


def _is_simple(factor: float) -> bool:
    """Tell whether a factor is 2, 3, … 1000 or one of these over 1, whatever its sign."""
    size = max(abs(factor), 1 / abs(factor) if factor else math.inf)
    return 1.5 < size < 1000.5 and abs(size - round(size)) <= 1e-6 * size
