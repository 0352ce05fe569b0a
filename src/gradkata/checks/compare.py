"""What a test ends with: a comparison, an error that is due, a situation in words."""

from __future__ import annotations

import contextlib
import traceback
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import torch

from gradkata.checks.diagnosis import Wrong, find_fault, find_mistake
from gradkata.checks.guards import Forbidden
from gradkata.checks.values import Tolerance
from gradkata.errors import name_of, said_by


def check(
    yours: Any,
    expected: Any,
    *,
    what: str = "",
    mistakes: Mapping[str, Any] | None = None,
    rtol: float | None = None,
    atol: float | None = None,
) -> None:
    """Compare type, shape, dtype, device, requires_grad and values, in this order.

    Tuples, lists and dicts are compared member by member.

    Args:
        yours: what the learner's code gave.
        expected: what is right: torch's value, or one worked out by hand.
        what: opens the message: `forward`, `backward`, `the slope`.
        mistakes: for each known mistake, what it gives, or a function that computes it. The
            key ends the sentence "This is exactly what you get when …".
        rtol: relative tolerance; without it, what suits the dtype.
        atol: absolute tolerance, likewise.

    Raises:
        Wrong: with yours, torch's, and the mistake that gives exactly yours.
    """
    tolerance = Tolerance(rtol, atol)
    fault = find_fault(yours, expected, tolerance)
    if fault is None:
        return
    named = find_mistake(yours, expected, mistakes or {}, tolerance)
    lines = [*fault.lines, named or fault.explanation]
    opening = f"{what}: " if what else ""
    raise Wrong(opening + "\n".join(line for line in lines if line), method=what)


@contextlib.contextmanager
def raises(
    error: type[BaseException],
    *,
    when: str,
    naming: Sequence[str] = (),
    advice: str = "",
    name: str = "",
) -> Iterator[None]:
    """Demand an error.

    Args:
        error: its type.
        when: in which case it is due.
        naming: what its text must name.
        advice: what to do if nothing is raised.
        name: what the error is called, where its class has another name.
    """
    name = name or error.__name__
    try:
        yield
    except (NotImplementedError, Wrong, Forbidden):
        raise
    except error as caught:
        text = said_by(caught, named=False) if naming else ""
        absent = [words for words in naming if words not in text]
        if absent:
            raise Wrong(
                f"the {name} raised when {when} says {text!r}: "
                f"let it name {' and '.join(absent)} too"
            ) from caught
        # What its frames hold goes now, and not when Python looks for cycles.
        traceback.clear_frames(caught.__traceback__)
    except Exception as caught:
        raise Wrong(
            f"{name} is due when {when}; {name_of(caught)} was raised: "
            f"{said_by(caught, named=False)}"
        ) from caught
    else:
        ending = f": {advice}" if advice else ""
        raise Wrong(f"{name} is due when {when}; nothing was raised{ending}")


@contextlib.contextmanager
def situation(words: str) -> Iterator[None]:
    """Say in which situation an error was raised, where the error itself does not tell.

    Args:
        words: begin the message, before "it raises …": `inside torch.no_grad()`.
    """
    try:
        yield
    except (NotImplementedError, Wrong, Forbidden):
        raise
    except Exception as error:
        raise Wrong(f"{words}, it raises {said_by(error)}") from error


@contextlib.contextmanager
def inside_no_grad() -> Iterator[None]:
    """Call inside `torch.no_grad()`, and demand that recording is still off afterwards."""
    with torch.no_grad():
        with situation("called inside torch.no_grad()"):
            yield
        if torch.is_grad_enabled():
            raise Wrong(
                "called inside torch.no_grad(), it leaves recording switched on: "
                "switch it on in a with-block, torch.enable_grad()"
            )
