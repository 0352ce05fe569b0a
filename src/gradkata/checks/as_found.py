"""Demand that a call leaves tensors and modules as it has found them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from torch import Tensor, nn

from gradkata.checks.diagnosis import Wrong, describe, find_fault, first_difference
from gradkata.checks.values import Tolerance
from gradkata.torch_internals import count_hooks

_SPARED = "; .backward() writes the .grad of every leaf, torch.autograd.grad writes none"


@contextlib.contextmanager
def unchanged(*things: Tensor | nn.Module) -> Iterator[None]:
    """Demand that tensors and modules are left as they were found.

    Looks at values, `requires_grad`, `.grad`, hooks, and of a module also the training mode
    of every submodule.
    """
    with left_as_found(lambda: dict(_parts(things))):
        yield


@contextlib.contextmanager
def left_as_found(parts: Callable[[], dict[str, Tensor | nn.Module]]) -> Iterator[None]:
    """Demand that named things are left as they were found, and that none is replaced."""
    before = parts()
    conditions = {name: _condition(thing) for name, thing in before.items()}
    yield
    after = dict(parts())
    for name, thing in before.items():
        if after.pop(name, None) is not thing:
            raise Wrong(f"{name} has been replaced or removed: leave it as it was found")
        for aspect, now in _condition(thing).items():
            was = conditions[name][aspect]
            if find_fault(now, was, Tolerance(0, 0)):
                raise Wrong(_change(f"{aspect} of {name}", was, now))
    if after:
        raise Wrong(f"{next(iter(after))} has been added: leave all as it was found")


def _parts(things: Sequence[Tensor | nn.Module]) -> Iterator[tuple[str, Tensor | nn.Module]]:
    for position, thing in enumerate(things):
        if isinstance(thing, Tensor):
            yield ("an input" if len(things) == 1 else f"input {position + 1}"), thing
            continue
        of = "" if len(things) == 1 else f" of input {position + 1}"
        yield from (
            (f"the module {n!r}{of}" if n else f"the model{of}", m)
            for n, m in thing.named_modules()
        )
        yield from ((f"the parameter {n!r}{of}", p) for n, p in thing.named_parameters())
        yield from ((f"the buffer {n!r}{of}", b) for n, b in thing.named_buffers())


def _condition(thing: Tensor | nn.Module) -> dict[str, Any]:
    if isinstance(thing, nn.Module):
        return {"training": thing.training, "the number of hooks": count_hooks(thing)}
    grad = thing.grad if thing.is_leaf or thing.retains_grad else None
    return {
        "requires_grad": thing.requires_grad,
        ".grad": None if grad is None else grad.detach().clone(),
        "the number of hooks": count_hooks(thing),
        "the value": thing.detach().clone(),
    }


def _change(subject: str, was: Any, now: Any) -> str:
    index = first_difference(was, now)
    advice = _SPARED if subject.startswith(".grad") and isinstance(now, Tensor) else ""
    if index:
        subject, was, now = f"{subject} at {list(index)}", was[index], now[index]
    return (
        f"{subject} was {_short(was)} before the call and is {_short(now)} after it: "
        f"leave it as it was found{advice}"
    )


def _short(value: Any) -> str:
    if not isinstance(value, Tensor):
        return str(value)
    return str(value.item()) if value.ndim == 0 else f"{describe(value)} and {value.dtype}"
