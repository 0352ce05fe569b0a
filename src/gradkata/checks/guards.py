"""Stop the calls that a task asks to do without, by any spelling."""

from __future__ import annotations

import contextlib
import functools
import inspect
import os
import sys
import sysconfig
import threading
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode

from gradkata.answers import is_answer

_KINDS = ("stdlib", "platstdlib", "purelib", "platlib")
_LIBRARIES = tuple(
    os.path.join(folder, "")  # with the separator at the end
    for folder in {*map(sysconfig.get_path, _KINDS), str(Path(torch.__file__).parents[1])}
)
_HARNESS = os.path.join(Path(__file__).parents[1], "")


class Forbidden(AssertionError):
    """A call that the task asks to do without."""


class forbid:  # noqa: N801 — read as a verb: with forbid(...)
    """Stop calls that a learner's file makes, itself or through a library; others go through.

    Args:
        names: a bare name, such as `sigmoid`, is every torch operation of that name, as a
            function, a method or in place. A dotted one, such as `torch.func` or
            `torch.autograd.grad`, is a function, a class, or all of a module's.
        reason: ends the message, after a colon: what to do instead.

    An operation inside `backward` is not seen while the engine runs it: call
    `Fn.backward(out.grad_fn, v)` inside the guard.

    Raises:
        Forbidden: at the call, and again at the end if the learner's code swallowed it.
    """

    def __init__(self, *names: str, reason: str) -> None:
        self.operations, self.functions = _targets(names)
        self.reason = reason
        self.violation: Forbidden | None = None
        self._depth = 0

    def __enter__(self) -> forbid:
        self._depth += 1
        if self._depth == 1:
            self.violation = None
            self._previous = sys.getprofile(), threading.getprofile()
            # A mode slows every operation down: enter none where no operation is forbidden.
            self._mode: contextlib.AbstractContextManager[Any] = (
                _CallGuard(self) if self.operations else contextlib.nullcontext()
            )
            self._mode.__enter__()
            threading.setprofile(self._on_new_thread)
            sys.setprofile(self._watch(self._previous[0]))
        return self

    def __exit__(self, kind: type[BaseException] | None, *details: Any) -> None:
        self._depth -= 1
        if self._depth:
            return
        _set_profile(self._previous[0])
        threading.setprofile(self._previous[1])
        self._mode.__exit__(kind, *details)
        if self.violation is not None and not (kind and issubclass(kind, Forbidden)):
            raise self.violation

    def stop(self, name: str, frame: FrameType | None) -> None:
        """Raise if the call comes from a learner's file."""
        caller = _learners_frame(frame)
        if caller is not None and self._depth:
            self.violation = Forbidden(
                f"{caller.f_code.co_qualname} calls {name}, which this task asks to do without: "
                f"{self.reason}"
            )
            raise self.violation

    def _watch(self, previous: Any) -> Callable[[FrameType, Any, Any], None]:
        # A profile function sees every Python function that runs, whatever name called it. It runs
        # at each call and each return, so what it needs is bound to local names.
        functions, stop = self.functions, self.stop
        goes_on = callable(previous)

        def on_event(frame: FrameType, event: Any, argument: Any) -> None:
            if event == "call" and frame.f_code in functions:
                stop(functions[frame.f_code], frame.f_back)
            if goes_on:
                previous(frame, event, argument)

        return on_event

    def _on_new_thread(self, frame: FrameType, event: Any, argument: Any) -> None:
        # Profile functions and torch's modes are each thread's own.
        if self._previous[1] is not None:
            self._previous[1](frame, event, argument)
        if self.operations:
            _CallGuard(self).__enter__()  # type: ignore[no-untyped-call]
        sys.setprofile(self._watch(self._previous[0]))


class _CallGuard(TorchFunctionMode):
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
        name = _name_of(func)
        if name in self.guard.operations:
            self.guard.stop(f"torch's {name}", sys._getframe(1))
        return func(*args, **(kwargs or {}))


# Most tests of a task forbid the same names, some of them whole modules.
@functools.cache
def _targets(names: tuple[str, ...]) -> tuple[frozenset[str], dict[CodeType, str]]:
    """Return the operations and the functions that go by these names."""
    operations: set[str] = set()
    functions: dict[CodeType, str] = {}
    for name in names:
        if "." not in name:
            operations |= _operations(name)
            continue
        for member, thing in _all_of(name, _resolve(name)):
            if (code := _code_of(thing)) is not None:
                functions[code] = member
            else:
                operations.add(_name_of(thing))
    return frozenset(operations), functions


def _all_of(name: str, thing: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(thing, ModuleType):
        for member, value in _members(thing):
            yield from _all_of(f"{name}.{member}", value)
    else:
        yield name, thing


# Cached, for it runs at each operation, and the profile function sees each of its steps.
@functools.cache
def _name_of(operation: Any) -> str:
    """Return `sigmoid` for `sigmoid_` and `aten.sigmoid.default`, `data` for its getter."""
    name = str(getattr(operation, "__name__", ""))
    if name in ("__get__", "__set__"):
        name = operation.__self__.__name__
    return name.partition(".")[0].strip("_")


def _learners_frame(frame: FrameType | None) -> FrameType | None:
    """Return the frame of a learner's file that made the call, itself or through a library."""
    while frame is not None and not is_answer(frame.f_globals):
        if not _is_library(frame.f_code.co_filename):
            return None
        frame = frame.f_back
    return frame


def _is_library(file: str) -> bool:
    # What exec runs has no file: it counts as its caller's.
    if file.startswith(("<", __file__)):
        return True
    return file.startswith(_LIBRARIES) and not file.startswith(_HARNESS)


def _set_profile(function: Any) -> None:
    if callable(function) or function is None:
        sys.setprofile(function)
    else:  # before Python 3.12, cProfile
        function.enable()


def _operations(name: str) -> set[str]:
    """Return the name, and torch's own for what goes by it: `log_sigmoid` for `logsigmoid`."""
    owners = (torch, Tensor, torch.nn.functional, torch.ops.aten)
    found = [getattr(owner, name) for owner in owners if hasattr(owner, name)]
    if not any(not isinstance(thing, ModuleType) for thing in found):
        raise TypeError(f"torch has no operation {name!r} to forbid")
    return {name, *map(_name_of, found)}


def _members(module: ModuleType) -> Iterator[tuple[str, Any]]:
    """Yield what a module offers; a class that only inherits cannot be told from its base."""
    for name in getattr(module, "__all__", dir(module)):
        value = getattr(module, name)
        inherits = isinstance(value, type) and "__init__" not in vars(value)
        if callable(value) and name[0] != "_" and not inherits:
            yield name, value


def _resolve(name: str) -> Any:
    try:
        return import_module(name)
    except ModuleNotFoundError:
        owner, _, attribute = name.rpartition(".")
        return getattr(_resolve(owner), attribute)


def _code_of(thing: Any) -> CodeType | None:
    if isinstance(thing, type) and "__init__" not in vars(thing):
        raise TypeError(f"{thing.__name__} has no __init__ of its own: forbid what it calls")
    function = inspect.unwrap(vars(thing)["__init__"] if isinstance(thing, type) else thing)
    return function.__code__ if isinstance(function, FunctionType) else None
