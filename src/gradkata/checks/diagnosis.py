"""Find where two values differ, say it in words, and name the mistake that explains it.

Values are compared as NumPy arrays, so that nothing a learner does to torch decides a verdict.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from gradkata.checks.explanations import explain_shape, explain_values
from gradkata.checks.values import Array, Tolerance, as_array, close, wide

_SHOWN = 6  # values of a row


class Wrong(AssertionError):
    """An answer that is not torch's; its text is what the learner reads."""

    def __init__(self, text: str, *, method: str = "") -> None:
        super().__init__(text)
        self.method = method


@dataclass(frozen=True)
class Fault:
    """The first difference: what it is, and a sentence that explains it, if one is certain."""

    lines: list[str]
    explanation: str = ""


def find_fault(yours: Any, expected: Any, tolerance: Tolerance, path: str = "") -> Fault | None:
    """Compare type, shape, dtype, device, requires_grad and values, in this order.

    Sequences and mappings are compared member by member; `path` says which one this is.
    """
    if isinstance(expected, Tensor):
        return _tensor_fault(yours, expected, tolerance, path)
    if isinstance(expected, np.ndarray):
        return _array_fault(yours, expected, tolerance, path)
    if isinstance(expected, Mapping):
        return _mapping_fault(yours, expected, tolerance, path)
    if isinstance(expected, list | tuple):
        return _sequence_fault(yours, expected, tolerance, path)
    if isinstance(expected, float):
        return _number_fault(yours, expected, tolerance, path)
    if type(yours) is not type(expected) or yours != expected:
        return Fault([f"{_yours(path)} is {describe(yours)}, {describe(expected)} is due"])
    return None


def find_mistake(
    yours: Any, expected: Any, mistakes: Mapping[str, Any], tolerance: Tolerance
) -> str:
    """Return the sentence of the mistake that gives exactly the learner's result; it may be "".

    A mistake that gives the right result too explains nothing, and is passed over; so is one that
    cannot be made here.
    """
    for sentence, value in mistakes.items():
        try:
            result = value() if callable(value) else value
        except Exception:
            continue
        explains = _same_values(yours, result, tolerance)
        if explains and not _same_values(expected, result, tolerance):
            return f"This is exactly what you get when {sentence}."
    return ""


def first_difference(left: Any, right: Any) -> tuple[int, ...]:
    """Return where two tensors of one shape and dtype differ; () if that is no single path."""
    both = isinstance(left, Tensor) and isinstance(right, Tensor)
    if not both or left.shape != right.shape or left.dtype != right.dtype:
        return ()
    differs = ~close(as_array(left), as_array(right), (0.0, 0.0))
    return tuple(map(int, np.argwhere(differs)[0])) if differs.any() else ()


def describe(value: Any) -> str:
    """Name a value with its kind and, where it is short, the value itself."""
    if value is None or isinstance(value, bool):
        return str(value)
    if isinstance(value, Tensor):
        kind = "tensor" if type(value) is Tensor else type(value).__name__
        return f"{_article(kind)} {kind} of shape {tuple(value.shape)}"
    if isinstance(value, np.ndarray):
        return f"a NumPy array of shape {value.shape}"
    if isinstance(value, np.generic):
        return f"the NumPy {value.dtype} {value}"
    if isinstance(value, int | float | str):
        return f"the {type(value).__name__} {value!r}"
    return f"{_article(type(value).__name__)} {type(value).__name__}"


def _article(noun: str) -> str:
    return "an" if noun.lower().startswith(tuple("aeiou")) else "a"


def _yours(path: str) -> str:
    return f"yours{path}"


def _tensor_fault(yours: Any, expected: Tensor, tolerance: Tolerance, path: str) -> Fault | None:
    if type(yours) is not type(expected):
        return Fault([_wrong_type(yours, expected, path)])
    if yours.layout != expected.layout:
        return Fault([f"{_yours(path)} is {yours.layout}, torch's is {expected.layout}"])
    if yours.shape != expected.shape:
        fact = f"{_yours(path)} has shape {tuple(yours.shape)}, torch's {tuple(expected.shape)}"
        # Values on the device "meta", where there are none, must not be asked for.
        known = yours.device == expected.device
        return Fault([fact], explain_shape(yours, expected, tolerance) if known else "")
    if yours.dtype != expected.dtype:
        return Fault([f"{_yours(path)} is {yours.dtype}, torch's is {expected.dtype}"])
    if yours.device != expected.device:
        return Fault([f"{_yours(path)} is on {yours.device}, torch's on {expected.device}"])
    if yours.requires_grad != expected.requires_grad and not _leads_to_zeros_alone(yours):
        return Fault([_wrong_graph(yours, path)])
    tolerances = tolerance.for_(expected.dtype)
    return _values_fault(as_array(yours), as_array(expected), tolerances, path)


def _wrong_type(yours: Any, expected: Tensor, path: str) -> str:
    due = "a parameter" if isinstance(expected, nn.Parameter) else "a tensor"
    if isinstance(yours, Tensor):
        return (
            f"{_yours(path)} is of {type(yours).__name__}, a subclass of torch.Tensor: "
            f"{'a parameter' if isinstance(expected, nn.Parameter) else 'a plain tensor'} is due"
        )
    return f"{_yours(path)} is {describe(yours)}, {due} is due"


def _leads_to_zeros_alone(yours: Tensor) -> bool:
    """Tell whether all leaves of a graph are zeros without a `.grad`.

    Where there is no gradient, `materialize_grads=True` gives zeros, and before torch 2.10 they
    require grad; so then does whatever is computed from them.
    """
    if not yours.requires_grad:
        return False
    if yours.grad_fn is None:
        return _is_filled_in(yours)
    nodes, seen = [yours.grad_fn], {yours.grad_fn}
    while nodes:
        node = nodes.pop()
        leaf = getattr(node, "variable", None)
        if leaf is not None and not _is_filled_in(leaf):
            return False
        following = {n for n, _ in node.next_functions if n is not None} - seen
        seen |= following
        nodes += following
    return True


def _is_filled_in(leaf: Any) -> bool:
    return type(leaf) is Tensor and leaf.grad is None and not as_array(leaf).any()


def _wrong_graph(yours: Tensor, path: str) -> str:
    if not yours.requires_grad:
        return (
            f"{_yours(path)} is cut from the graph (requires_grad is False): "
            "no gradient can flow back through it"
        )
    kind = f"grad_fn is {yours.grad_fn.name()}" if yours.grad_fn else "requires_grad is True"
    return f"{_yours(path)} still has a graph attached ({kind}): return it without one"


def _array_fault(yours: Any, expected: Array, tolerance: Tolerance, path: str) -> Fault | None:
    if type(yours) is not np.ndarray:
        return Fault([f"{_yours(path)} is {describe(yours)}, a NumPy array is due"])
    if yours.shape != expected.shape:
        return Fault([f"{_yours(path)} has shape {yours.shape}, {expected.shape} is due"])
    if yours.dtype != expected.dtype:
        return Fault([f"{_yours(path)} is {yours.dtype}, {expected.dtype} is due"])
    tolerances = tolerance.for_(getattr(torch, str(expected.dtype), torch.int64))
    return _values_fault(yours, expected, tolerances, path)


def _number_fault(yours: Any, expected: float, tolerance: Tolerance, path: str) -> Fault | None:
    # An int is a float to Python's own types; a bool is one by accident only.
    if isinstance(yours, bool) or not isinstance(yours, int | float):
        return Fault([f"{_yours(path)} is {describe(yours)}, a Python float is due"])
    tolerances = tolerance.for_(torch.float64)
    try:
        mine = float.__float__(yours) if isinstance(yours, float) else float(yours)
    except OverflowError:
        return Fault([f"{_yours(path)} is an int too large for a float"])
    return _values_fault(np.asarray(mine), np.asarray(expected), tolerances, path)


def _sequence_fault(
    yours: Any, expected: Sequence[Any], tolerance: Tolerance, path: str
) -> Fault | None:
    kind = type(expected).__name__ if type(expected) in (list, tuple) else "tuple"
    if not isinstance(yours, list | tuple):
        due = f"a {kind} of {len(expected)}"
        return Fault([f"{_yours(path)} is {describe(yours)}, {due} is due"])
    if len(yours) != len(expected):
        return Fault([f"{_yours(path)} has length {len(yours)}, {len(expected)} is due"])
    faults = (
        find_fault(mine, due, tolerance, f"{path}[{i}]")
        for i, (mine, due) in enumerate(zip(yours, expected, strict=True))
    )
    return next((fault for fault in faults if fault), None)


def _mapping_fault(
    yours: Any, expected: Mapping[Any, Any], tolerance: Tolerance, path: str
) -> Fault | None:
    if not isinstance(yours, Mapping):
        return Fault([f"{_yours(path)} is {describe(yours)}, a dict is due"])
    for key in expected:
        if key not in yours:
            return Fault([f"{_yours(path)} lacks the key {key!r}"])
    for key in yours:
        if key not in expected:
            return Fault([f"{_yours(path)} has the key {key!r}, which is not due"])
    faults = (find_fault(yours[k], expected[k], tolerance, f"{path}[{k!r}]") for k in expected)
    return next((fault for fault in faults if fault), None)


def _values_fault(
    yours: Array, expected: Array, tolerances: tuple[float, float], path: str
) -> Fault | None:
    differs = ~close(yours, expected, tolerances)
    if not differs.any():
        return None
    worst = _worst(yours, expected, differs)
    where = "" if yours.ndim == 0 else f", most at {list(map(int, worst))}"
    count = f"{differs.sum()} of {differs.size} elements differ" if yours.ndim else "it differs"
    subject = f"{_yours(path)}: " if path else ""
    rows = _rows(yours, expected, worst)
    return Fault([f"{subject}{count}{where}", *rows], explain_values(yours, expected, tolerances))


def _worst(yours: Array, expected: Array, differs: NDArray[np.bool_]) -> tuple[Any, ...]:
    with np.errstate(invalid="ignore", over="ignore"):
        distance = np.abs(wide(yours) - wide(expected))
    distance = np.where(differs, np.nan_to_num(distance, nan=np.inf, posinf=np.inf), -1.0)
    return np.unravel_index(int(np.argmax(distance)), yours.shape) if yours.ndim else ()


def _rows(yours: Array, expected: Array, worst: tuple[Any, ...]) -> list[str]:
    row = worst[:-1]
    mine, due = np.atleast_1d(yours[row]), np.atleast_1d(expected[row])
    column = int(worst[-1]) if worst else 0
    first = max(0, min(column - _SHOWN // 2, mine.size - _SHOWN))
    mine, due = mine[first : first + _SHOWN], due[first : first + _SHOWN]
    for digits in range(4, 21):  # as many as show that the worst one differs
        left, right = _numbers(mine, digits), _numbers(due, digits)
        if left[column - first] != right[column - first]:
            break
    widths = [max(len(a), len(b)) for a, b in zip(left, right, strict=True)]
    return [
        f"  {name}   " + "   ".join(t.rjust(w) for t, w in zip(texts, widths, strict=True))
        for name, texts in (("yours", left), ("torch", right))
    ]


def _numbers(values: Array, digits: int) -> list[str]:
    if values.dtype.kind not in "f":
        return [str(value) for value in values.tolist()]
    plain = bool(np.all((np.abs(values) < 1e4) & ((values == 0) | (np.abs(values) >= 1e-3))))
    return [f"{v:.{digits}f}" if plain else f"{v:.{digits}g}" for v in values.tolist()]


def _same_values(yours: Any, other: Any, tolerance: Tolerance) -> bool:
    """Compare shapes and values alone: a mistake is recognised by what it computes."""
    if isinstance(other, Mapping):
        return (
            isinstance(yours, Mapping)
            and yours.keys() == other.keys()
            and all(_same_values(yours[key], other[key], tolerance) for key in other)
        )
    if isinstance(other, list | tuple):
        return (
            isinstance(yours, list | tuple)
            and len(yours) == len(other)
            and all(_same_values(a, b, tolerance) for a, b in zip(yours, other, strict=True))
        )
    mine, theirs = _plain(yours), _plain(other)
    if mine is None or theirs is None:
        return type(yours) is type(other) is not Tensor and bool(yours == other)
    tolerances = tolerance.for_(getattr(torch, str(mine.dtype), torch.float64))
    return mine.shape == theirs.shape and bool(close(mine, theirs, tolerances).all())


def _plain(value: Any) -> Array | None:
    if type(value) in (Tensor, nn.Parameter):
        has_values = value.layout == torch.strided and value.device.type != "meta"
        return as_array(value) if has_values else None
    return np.asarray(value) if isinstance(value, np.ndarray | int | float) else None
