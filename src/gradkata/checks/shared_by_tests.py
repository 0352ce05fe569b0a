"""What the tests of several exercises share: layouts to try, leaves, and what tensors hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

import pytest
import torch
from torch import Tensor
from torch.autograd import Function

__all__ = [
    "ErrorOfF",
    "IdentityWithoutBackward",
    "SquareWithSlope7",
    "a_leaf",
    "any_layout",
    "as_list_or_generator",
    "copies",
    "either_dtype",
    "grads",
    "one_by_one",
    "turned",
    "weighted",
]

T = TypeVar("T")

# Each `layout` holds the arguments of `sample`: sample(**layout, device=device).
any_layout = pytest.mark.parametrize(
    "layout",
    [{"shape": (4, 3)}, {"shape": (4, 1)}, {"shape": ()}, {"shape": (4, 3), "strided": True}],
    ids=["matrix", "column", "0-d", "strided"],
)

either_dtype = pytest.mark.parametrize("dtype", [torch.float64, torch.float32], ids=str)


def one_by_one(items: Iterable[T]) -> Iterator[T]:
    """Give the items as a generator, which can be gone through once."""
    yield from items


as_list_or_generator = pytest.mark.parametrize("given_as", [list, one_by_one])


def a_leaf(
    shape: Sequence[int], device: torch.device | str, *, grad: bool = True, **options: Any
) -> Tensor:
    """Return a random leaf that requires grad.

    Args:
        shape: of the leaf.
        device: where it lives.
        grad: whether its `.grad` holds something random.
        options: further arguments of `sample`, for the leaf alone.
    """
    from gradkata.checks import sample  # which imports this module

    leaf = sample(shape, device=device, requires_grad=True, **options)
    leaf.grad = sample(shape, device=device, dtype=leaf.dtype) if grad else None
    return leaf


def grads(params: Iterable[Tensor]) -> list[Tensor | None]:
    """Return the `.grad` of each, the tensor itself."""
    return [p.grad for p in params]


def copies(tensors: Iterable[Tensor]) -> list[Tensor]:
    """Return the present values of each, without a graph and in memory of their own."""
    return [t.detach().clone() for t in tensors]


def turned(t: Tensor) -> Tensor:
    """Return a view with the axes in the opposite order: mostly, it is not contiguous."""
    return t.permute(tuple(range(t.ndim))[::-1])


def weighted(y: Tensor, seed: float = 1.0) -> Tensor:
    """Return a 0-d function of y whose gradient is nowhere constant."""
    weights = torch.linspace(seed, 2 * seed, y.numel(), dtype=y.dtype, device=y.device)
    return (y.sin().flatten() * weights).sum()


class ErrorOfF(RuntimeError):
    """What a function of the caller's raises, in torch's own words for something else."""

    def __init__(self) -> None:
        super().__init__(
            "element 0 of tensors does not require grad and does not have a grad_fn; "
            "The differentiated Tensor at index 0 appears to not have been used in the graph. "
            "Set allow_unused=True if this is the desired behavior."
        )


class IdentityWithoutBackward(Function):
    """x, whose backward and jvp raise ErrorOfF."""

    generate_vmap_rule = True

    @staticmethod
    def forward(x: Tensor) -> Tensor:
        """Copy x."""
        return x.clone()

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Tensor], output: Tensor) -> None:
        """Save nothing."""

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> Tensor:  # noqa: ARG004 — by its place
        """Raise ErrorOfF."""
        raise ErrorOfF

    @staticmethod
    def jvp(ctx: Any, x_tangent: Tensor) -> Tensor:  # noqa: ARG004 — likewise
        """Raise ErrorOfF."""
        raise ErrorOfF


class SquareWithSlope7(Function):
    """x², whose own backward and jvp say that its slope is 7 everywhere."""

    generate_vmap_rule = True

    @staticmethod
    def forward(x: Tensor) -> Tensor:
        """Compute x²."""
        return x * x

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Tensor], output: Tensor) -> None:
        """Save nothing."""

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> Tensor:  # noqa: ARG004 — by its place
        """Return 7 times the incoming gradient."""
        return 7 * grad_output

    @staticmethod
    def jvp(ctx: Any, x_tangent: Tensor) -> Tensor:  # noqa: ARG004 — likewise
        """Return 7 times the tangent."""
        return 7 * x_tangent
