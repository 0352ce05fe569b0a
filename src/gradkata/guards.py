"""Stop the calls that a task asks to do without, by any spelling."""

from __future__ import annotations

import contextlib
import inspect
import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any

import torch
from torch.overrides import TorchFunctionMode

from gradkata.answers import is_answer

# Calls made from here are made for whoever called: torch for itself, the rest for a wrapper.
_GO_BETWEENS = tuple(
    str(Path(file).parent if file.endswith("__init__.py") else file)
    for module in (torch, contextlib, import_module("functools"), import_module(__name__))
    if (file := module.__file__)
)


class Forbidden(AssertionError):
    """A call that the task asks to do without."""


class forbid(contextlib.ContextDecorator):  # noqa: N801 — read as a verb: with forbid(...)
    """Stop calls that a learner's file makes, itself or through torch; others go through.

    Args:
        names: a bare name, such as `sigmoid`, is every torch operation of that name, as a
            function, a method or in place. A dotted one, such as `torch.func` or
            `torch.autograd.grad`, is a Python function, a class, or all of a module's.
        reason: ends the message, after a colon: what to do instead.

    An operation inside `backward` is not seen while the engine runs it: call
    `Fn.backward(out.grad_fn, v)` inside the guard.

    Raises:
        Forbidden: at the call, and again at the end if the learner's code swallowed it.
    """

    def __init__(self, *names: str, reason: str) -> None:
        self.operations = {name for name in names if "." not in name}
        self.functions = _python_functions(name for name in names if "." in name)
        self.reason = reason
        self.violation: Forbidden | None = None

    def __enter__(self) -> forbid:
        self.violation = None
        self._previous = sys.getprofile()
        self._mode = _Watch(self)
        self._mode.__enter__()
        sys.setprofile(self._on_event)
        return self

    def __exit__(self, kind: type[BaseException] | None, *details: Any) -> None:
        sys.setprofile(self._previous)
        self._mode.__exit__(kind, *details)
        if self.violation is not None and not (kind and issubclass(kind, Forbidden)):
            raise self.violation

    def stop(self, name: str, frame: FrameType | None) -> None:
        """Raise if the call comes from a learner's file."""
        caller = _on_behalf_of(frame)
        if caller is not None and is_answer(caller.f_globals):
            self.violation = Forbidden(
                f"{caller.f_code.co_qualname} calls {name}, which this task asks to do without: "
                f"{self.reason}"
            )
            raise self.violation

    def _on_event(self, frame: FrameType, event: str, _: object) -> None:
        # A profile function sees a Python function run under whatever name it was called by.
        if event == "call" and frame.f_code in self.functions:
            self.stop(self.functions[frame.f_code], frame.f_back)


class _Watch(TorchFunctionMode):
    """Sees every torch operation, before it runs, whatever name it was called by."""

    def __init__(self, guard: forbid) -> None:
        super().__init__()
        self.guard = guard

    def __torch_function__(
        self,
        func: Any,
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        name = getattr(func, "__name__", "").strip("_")
        if name in self.guard.operations:
            self.guard.stop(f"torch's {name}", sys._getframe(1))
        return func(*args, **(kwargs or {}))


def _on_behalf_of(frame: FrameType | None) -> FrameType | None:
    while frame is not None and frame.f_code.co_filename.startswith(_GO_BETWEENS):
        frame = frame.f_back
    return frame


def _python_functions(names: Iterator[str]) -> dict[CodeType, str]:
    found: dict[CodeType, str] = {}
    for name in names:
        thing = _resolve(name)
        if isinstance(thing, ModuleType):
            public = [n for n in vars(thing) if n[0] != "_"]
            members = {f"{name}.{n}": _code_of(getattr(thing, n)) for n in public}
            found |= {code: label for label, code in members.items() if code is not None}
        elif (code := _code_of(thing)) is not None:
            found[code] = name
        else:
            raise TypeError(f"{name} is not written in Python: forbid it by its bare name")
    return found


def _resolve(name: str) -> Any:
    try:
        return import_module(name)
    except ModuleNotFoundError:
        place, _, attribute = name.rpartition(".")
        return getattr(_resolve(place), attribute)


def _code_of(thing: Any) -> CodeType | None:
    function = inspect.unwrap(thing.__init__ if isinstance(thing, type) else thing)
    return function.__code__ if isinstance(function, FunctionType) else None
