"""What a test starts from: random values, modules, counted functions and fresh leaves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Generic, ParamSpec, TypeVar

import torch
from torch import Tensor, nn

P = ParamSpec("P")
R = TypeVar("R")
M = TypeVar("M", bound=nn.Module)
_generator = torch.Generator()


def seed_samples(seed: int) -> None:
    """Make `sample` and `build` repeat themselves; the plugin does so before each test."""
    _generator.manual_seed(seed)


def sample(
    shape: Sequence[int],
    *,
    device: torch.device | str,
    dtype: torch.dtype = torch.float64,
    low: float = -2.0,
    high: float = 2.0,
    gap: float = 0.0,
    strided: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """Return uniform random values, without moving torch's global random state.

    Args:
        shape: of the result; `()` gives a 0-d tensor.
        device: where it lives.
        dtype: a floating type.
        low: the least value.
        high: the largest value.
        gap: keeps every value at least this far from 0, where a kink may be.
        strided: gives every second element of each row of a larger tensor: neither contiguous, nor
            a flat `view` of anything.
        requires_grad: makes it a leaf that records operations.
    """
    whole = [*shape[:-1], 2 * shape[-1] + 1] if strided else list(shape)
    values = torch.rand(whole, generator=_generator, dtype=torch.float64) * (high - low) + low
    values = torch.where(values.abs() < gap, values + gap * values.sign(), values)
    placed = values.to(device=device, dtype=dtype)
    return (placed[..., 1::2] if strided else placed).requires_grad_(requires_grad)


def build(make: Callable[[], M], *, device: torch.device | str) -> M:
    """Return the module that `make` builds, in float64, without moving the random state."""
    with torch.random.fork_rng(devices=[]):
        # Seed the CPU alone: torch.manual_seed would seed the generators of CUDA too.
        torch.default_generator.manual_seed(int(torch.randint(2**31, (), generator=_generator)))
        return make().to(device=device, dtype=torch.float64)


class counted(Generic[P, R]):  # noqa: N801 — it stands for the function that it wraps
    """A function that counts how often it is called, in its attribute `calls`."""

    def __init__(self, function: Callable[P, R]) -> None:
        self.function = function
        self.calls = 0

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Count the call, and make it."""
        self.calls += 1
        return self.function(*args, **kwargs)


def tracked_copies(*tensors: Tensor) -> tuple[Tensor, ...]:
    """Return fresh leaves with the same values, layout and all, that record operations."""
    return tuple(_leaf(t).requires_grad_() for t in tensors)


def _leaf(tensor: Tensor) -> Tensor:
    # clone() would drop the layout of every second element.
    with torch.no_grad():
        return torch.empty_strided(
            tensor.shape, tensor.stride(), dtype=tensor.dtype, device=tensor.device
        ).copy_(tensor)


def leaves_of(inputs: Sequence[Any]) -> list[Any]:
    """Return the inputs, with a fresh leaf for each floating tensor among them."""
    return [
        tracked_copies(x)[0] if isinstance(x, Tensor) and x.is_floating_point() else x
        for x in inputs
    ]
