"""Notice what an answer has changed in the code that judges it, and put it back.

That is against accidents, such as a helper that goes by the name of one of the harness. It is not
against intent: whoever means to deceive can put all back in time, or reach what is not looked at.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from operator import attrgetter, is_, methodcaller
from types import CellType, CodeType, FunctionType, ModuleType
from typing import Any

# What runs an exercise's tests and is not ours, and what is ours and runs elsewhere.
_OTHERS = ("_pytest.python", "_pytest.runner", "contextlib", "json")
_ELSEWHERE = (
    "gradkata.judging.forked",
    "gradkata.judging.messages",
    "gradkata.judging.records",
    "gradkata.judging.runner",
    "gradkata.judging.spawned",
    "gradkata.judging.transcript",
    "gradkata.judging.warm",
)
# The harness writes to these as it runs, or as it forks.
_WRITTEN_TO = ("gradkata.plugin.global_state._KEPT", "gradkata.judging.processes._USUAL")
# Written by Python and torch themselves as they run.
OWN_BUSINESS = {
    "__warningregistry__",
    "__annotations__",
    "__annotations_cache__",
    "__abstractmethods__",
    "__slotnames__",
    "_abc_impl",
    "___needs_generation_tag_patch",
}

_code_of: Callable[[FunctionType], CodeType] = attrgetter("__code__")
_values_of = methodcaller("values")
_NOTHING = object()


@dataclass(frozen=True)
class _Part:
    """Something that can be changed in place: how to read it, put it back, and name it."""

    name: str
    read: Callable[[], tuple[Any, ...]]
    restore: Callable[[tuple[Any, ...]], object]


def harness() -> dict[str, ModuleType]:
    """Return the modules that judge, by name."""
    return {
        name: module
        for name, module in sys.modules.items()
        if name in _OTHERS or (name.startswith("gradkata.") and name not in _ELSEWHERE)
    }


class Untouched:
    """Modules as they are now: their names, their functions, and the lists and dicts in them.

    Args:
        modules: each under the name by which it is called in a sentence.
    """

    def __init__(self, modules: Mapping[str, ModuleType]) -> None:
        self._owners = dict(_owners(modules))
        self._members = {
            owner_name: dict(vars(owner)) for owner_name, owner in self._owners.items()
        }
        self._functions = dict(_functions(self._owners, self._members))
        self._in_order = list(self._functions.values())
        self._codes = list(map(_code_of, self._in_order))
        parts = [*_parts_of_functions(self._functions), *_containers(self._members)]
        self._parts = [(part, part.read()) for part in parts]
        self._reads = [part.read for part, _ in self._parts]
        self._lengths = [len(was) for _, was in self._parts]
        self._contents = list(chain.from_iterable(was for _, was in self._parts))
        self._note_values()

    def _note_values(self) -> None:
        # Without a last space of our own, a name added to the last one would not be seen.
        self._spaces = [*map(vars, self._owners.values()), {"": _NOTHING}]
        self._values = list(chain.from_iterable(map(_values_of, self._spaces)))

    def changes(self) -> Generator[list[str], None, None]:
        """Yield nothing and, after the learner's code has run, a phrase for each thing put back.

        A generator that has begun goes on with the code and the names that it has, whatever
        becomes of its function.
        """
        functions, codes, put_back = self._in_order, self._codes, self._put_back
        code_of, apply, pairs = _code_of, map, zip
        yield []
        touched = []
        if [*apply(code_of, functions)] != codes:
            for function, code in pairs(functions, codes):
                if function.__code__ is not code:
                    function.__code__ = code
                    touched.append(function)
        yield put_back(touched)

    def _put_back(self, touched: list[FunctionType]) -> list[str]:
        changed = [
            f"the code of {name.rstrip('*')} has been replaced"
            for name, function in self._functions.items()
            if touched and any(function is other for other in touched)
        ]
        if False in map(is_, chain.from_iterable(map(_values_of, self._spaces)), self._values):
            for owner_name, owner in self._owners.items():
                changed += _put_back_members(owner_name, owner, self._members[owner_name])
            self._note_values()
        now = [read() for read in self._reads]
        # Of most tests nothing is another, and one look at all takes less than one at each.
        if [*map(len, now)] == self._lengths and all(
            map(is_, chain.from_iterable(now), self._contents)
        ):
            return changed
        return changed + [
            f"{part.name} has been changed" for part, was in self._parts if _restored(part, was)
        ]


def _restored(part: _Part, was: tuple[Any, ...]) -> bool:
    """Put a part back, and tell whether it was another."""
    now = part.read()
    if len(now) == len(was) and all(map(is_, now, was)):
        return False
    part.restore(was)
    return True


def _owners(modules: Mapping[str, ModuleType]) -> Iterator[tuple[str, Any]]:
    for name, module in modules.items():
        yield name, module
        for member, value in vars(module).items():
            if isinstance(value, type) and value.__module__ == module.__name__:
                yield f"{name}.{member}", value


def _functions(
    owners: Mapping[str, Any], members: Mapping[str, Mapping[str, Any]]
) -> Iterator[tuple[str, FunctionType]]:
    """Yield each function and method defined here and, marked with a *, what it wraps."""
    for owner_name, owner in owners.items():
        of = owner.__module__ if isinstance(owner, type) else owner.__name__
        for name, value in members[owner_name].items():
            if getattr(value, "__module__", of) == of:
                for depth, function in enumerate(_functions_in(value)):
                    yield f"{owner_name}.{name}{'*' * depth}", function


def _functions_in(value: Any) -> Iterator[FunctionType]:
    match value:
        case FunctionType():
            yield value
            yield from _functions_in(vars(value).get("__wrapped__"))
        case staticmethod() | classmethod():
            yield from _functions_in(value.__func__)
        case property():
            yield from _functions_in(value.fget)
        case cached_property():
            yield from _functions_in(value.func)
        case type() | None:
            return
        case _:
            yield from _functions_in(getattr(value, "__wrapped__", None))


def _parts_of_functions(functions: Mapping[str, FunctionType]) -> Iterator[_Part]:
    for name, function in functions.items():
        if function.__defaults__ or function.__kwdefaults__:
            yield _defaults(name, function)
        for cell in function.__closure__ or ():
            if cell != CellType():  # one that is empty cannot be read
                yield _enclosed(name, cell)


def _enclosed(name: str, cell: CellType) -> _Part:
    def restore(was: tuple[Any, ...]) -> None:
        cell.cell_contents = was[0]

    return _Part(f"what {name} encloses", lambda: (cell.cell_contents,), restore)


def _defaults(name: str, function: FunctionType) -> _Part:
    named = function.__kwdefaults__

    def read() -> tuple[Any, ...]:
        now = function.__kwdefaults__ or {}
        return function.__defaults__, *now, *now.values()

    def restore(was: tuple[Any, ...]) -> None:
        names, values = was[1 : 1 + len(was) // 2], was[1 + len(was) // 2 :]
        function.__defaults__ = was[0]
        function.__kwdefaults__ = dict(zip(names, values, strict=True)) or named

    return _Part(f"a default of {name}", read, restore)


def _containers(members: Mapping[str, Mapping[str, Any]]) -> Iterator[_Part]:
    for owner_name, named in members.items():
        for name, value in named.items():
            if f"{owner_name}.{name}" in _WRITTEN_TO or name.startswith("__"):
                continue
            if type(value) is dict:
                yield _content_of_dict(f"{owner_name}.{name}", value)
            elif type(value) is list:
                yield _content_of_list(f"{owner_name}.{name}", value)


def _content_of_dict(name: str, value: dict[Any, Any]) -> _Part:
    def restore(was: tuple[Any, ...]) -> None:
        keys, values = was[: len(was) // 2], was[len(was) // 2 :]
        value.clear()
        value.update(zip(keys, values, strict=True))

    return _Part(name, lambda: (*value, *value.values()), restore)


def _content_of_list(name: str, value: list[Any]) -> _Part:
    def restore(was: tuple[Any, ...]) -> None:
        value[:] = was

    return _Part(name, lambda: tuple(value), restore)


def _put_back_members(owner_name: str, owner: Any, members: Mapping[str, Any]) -> list[str]:
    now = vars(owner)
    other = [name for name, was in members.items() if now.get(name, _NOTHING) is not was]
    # A class inherits: a new name may hide one. A module only gains what is loaded late.
    other += [name for name in now if name not in members] if isinstance(owner, type) else []
    found = [name for name in other if name not in OWN_BUSINESS]
    for name in found:
        if name in members:
            setattr(owner, name, members[name])
        else:
            delattr(owner, name)
    return [f"{owner_name}.{name} has been replaced" for name in found]
