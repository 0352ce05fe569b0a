"""Notice what an answer has done to what judges it, and what a person should look at.

An answer runs in the process that judges it, so none of this is proof: whoever knows it can put
everything back. It makes cheating hard, and leaves the judgement of people to people.
"""

from __future__ import annotations

import ast
import functools
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any

# What judges, and what that stands on.
_WATCHED = (
    *("gradkata", "_pytest", "pytest", "pytest_timeout", "pluggy", "iniconfig"),
    *("json", "hmac", "hashlib", "signal", "faulthandler", "threading", "linecache"),
)
# What messages go through; a worker itself replaces os._exit as it begins.
_OF_OS = ("write", "fork", "getpid", "kill", "dup2", "close")
_MOST_TOLD = 5
UNTOLD = "the worker ended without telling what was changed"

# Names that a solution of an exercise has no use for.
_FLAGGED_MODULES = {
    "gc",
    "ctypes",
    "inspect",
    "gradkata",
    "_pytest",
    "pytest",
    "importlib",
    "builtins",
}
_FLAGGED_CALLS = {"exec", "eval", "compile", "open", "__import__", "globals", "breakpoint"}
_FLAGGED_OF_SYS = {"_getframe", "modules", "settrace", "setprofile", "meta_path", "_current_frames"}
_FLAGGED_ATTRIBUTES = {"__code__", "__globals__", "__subclasses__", "__closure__", "f_locals"}


class Fingerprint:
    """The functions and classes that judge, as they are now.

    Args:
        tests: the modules of an exercise's tests, by name.
    """

    def __init__(self, tests: Mapping[str, ModuleType]) -> None:
        self._members = list(_members({**dict(_watched()), **tests}))
        functions = [(member.name, member.function) for member in self._members]
        self._functions = [
            (n, f, f.__code__, f.__defaults__, f.__kwdefaults__) for n, f in functions
        ]
        cells = [(name, cell) for name, f in functions for cell in f.__closure__ or ()]
        self._cells = [(name, cell, _content(cell)) for name, cell in cells]
        # Of builtins and `os` only what the messages go through.
        self._builtins = dict(_builtins())

    def changed(self) -> list[str]:
        """Return the names of what is another function, or has other code, than it had."""
        found = [m.name for m in self._members if m.owner.get(m.key) is not m.value]
        found += [
            name
            for name, function, code, defaults, by_name in self._functions
            if function.__code__ is not code
            or function.__defaults__ is not defaults
            or function.__kwdefaults__ is not by_name
        ]
        found += [name for name, cell, was in self._cells if _content(cell) is not was]
        now = dict(_builtins())
        found += [name for name, was in self._builtins.items() if now.get(name) is not was]
        return sorted(set(found))


@dataclass(frozen=True)
class _Member:
    """A function as a module or a class has it: under a key, and perhaps wrapped."""

    name: str
    owner: Mapping[str, Any]
    key: str
    value: Any
    function: FunctionType


def _watched() -> Iterator[tuple[str, ModuleType]]:
    for name, module in sys.modules.items():
        if name.partition(".")[0] in _WATCHED and isinstance(module, ModuleType):
            yield name, module


def _members(modules: Mapping[str, ModuleType]) -> Iterator[_Member]:
    for name, module in modules.items():
        for key, value in list(vars(module).items()):
            if isinstance(value, FunctionType):
                yield _Member(f"{name}.{key}", vars(module), key, value, value)
            elif isinstance(value, type) and value.__module__ == name:
                for own, inner in list(vars(value).items()):
                    function = _function_in(inner)
                    if function is not None:
                        where = f"{name}.{key}.{own}"
                        yield _Member(where, vars(value), own, inner, function)


def _function_in(value: Any) -> FunctionType | None:
    match value:
        case FunctionType():
            return value
        case staticmethod() | classmethod():
            return value.__func__ if isinstance(value.__func__, FunctionType) else None
        case property():
            return value.fget if isinstance(value.fget, FunctionType) else None
        case _:
            return None


def _content(cell: Any) -> Any:
    try:
        inner = cell.cell_contents
    except ValueError:
        return None
    # What it counts or collects changes as it runs; what it calls does not.
    return inner if isinstance(inner, FunctionType | type) else None


def _builtins() -> Iterator[tuple[str, Any]]:
    import builtins
    import os

    for name, value in vars(builtins).items():
        if isinstance(value, BuiltinFunctionType | type):
            yield f"builtins.{name}", value
    for name in _OF_OS:
        if hasattr(os, name):
            yield f"os.{name}", getattr(os, name)


def told(changed: list[str]) -> str:
    """Say what was found changed."""
    shown = ", ".join(changed[:_MOST_TOLD])
    more = f" and {len(changed) - _MOST_TOLD} more" if len(changed) > _MOST_TOLD else ""
    return f"what judges was changed: {shown}{more}"


def told_of_canary(task: str) -> str:
    """Say that a known wrong answer was not found wrong; nothing of no task."""
    return f"a known wrong answer to {task} was not judged as wrong in its process" if task else ""


def verdict_on(parts: list[dict[str, Any]]) -> str:
    """Return why what the workers have said is not to be believed; empty if it is.

    Each worker that has ended well has told what it found changed.
    """
    if without_proof(parts):
        return UNTOLD
    for part in parts:
        if part["outcome"] != "ok" or not part["verdicts"]:
            continue
        said = [message.get("changed") for message in part.get("integrity", [])]
        # What an answer has sent in a worker's name may hold anything.
        if not said or not all(isinstance(changed, list) for changed in said):
            return UNTOLD
        if changed := [str(name) for names in said for name in names]:
            return told(changed)
    return ""


def without_proof(parts: Sequence[dict[str, Any]]) -> list[str]:
    """Return the tasks that are done by what workers have said that did not end well."""
    of_tasks: dict[str, list[tuple[str, bool]]] = {}
    for part in parts:
        for verdict, _ in part["verdicts"]:
            pair = verdict["state"], part["outcome"] == "ok"
            of_tasks.setdefault(verdict["task"], []).append(pair)
    blamed = {task for part in parts for task in part["tasks"]}
    return [
        task
        for task, pairs in of_tasks.items()
        if task not in blamed
        and all(state == "done" for state, _ in pairs)
        and not all(ended_well for _, ended_well in pairs)
    ]


@functools.cache
def flags_of(text: bytes, topic: str) -> tuple[str, ...]:
    """Return what of an answer's text a person should look at; no verdict depends on it.

    Args:
        text: the answer.
        topic: the name of its module, which it may import.
    """
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    found: dict[str, int] = {}
    for node in ast.walk(tree):
        for name in _flagged(node, topic):
            found.setdefault(name, getattr(node, "lineno", 0))
    lines = sorted(found.items(), key=lambda of: of[1])
    return tuple(f"line {line} uses {name}" for name, line in lines)


def _flagged(node: ast.AST, topic: str) -> Iterator[str]:
    match node:
        case ast.Import(names=names):
            yield from (n.name for n in names if _is_flagged_module(n.name, topic))
        case ast.ImportFrom(module=str(module), names=names):
            if _is_flagged_module(module, topic):
                yield module
            elif module == "sys":
                yield from (f"sys.{n.name}" for n in names if n.name in _FLAGGED_OF_SYS)
        case ast.Call(func=ast.Name(id=name)) if name in _FLAGGED_CALLS:
            yield f"{name}()"
        case ast.Attribute(value=ast.Name(id="sys"), attr=attr) if attr in _FLAGGED_OF_SYS:
            yield f"sys.{attr}"
        case ast.Attribute(attr=attr) if attr in _FLAGGED_ATTRIBUTES:
            yield attr


def _is_flagged_module(name: str, topic: str) -> bool:
    first = name.partition(".")[0]
    return first in _FLAGGED_MODULES or name in (f"test_{topic}", "tests") or first == "tests"
