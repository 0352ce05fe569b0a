"""Turn what a test raised into a verdict: a state, a place in the learner's file, and words."""

from __future__ import annotations

import ast
import linecache
import re
from bdb import BdbQuit
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import decode_source
from pathlib import Path
from types import TracebackType
from typing import Any

import pytest

from gradkata.answers import is_answer
from gradkata.course import Definition, Exercise, definitions
from gradkata.errors import name_of, said_by
from gradkata.plugin.streams import NoTerminal
from gradkata.results import State

_SHOWN_FRAMES = 3
_NAMED = ast.FunctionDef | ast.ClassDef
_NO_GRAD = (
    "a .grad is None here: backward writes one into leaves alone, those that the loss depends on; "
    "after x = x - …, x is no leaf"
)
_NONE_IS_DUE = "a .grad is None here, of which the docstring speaks: see what is due then"
_LONGEST, _MOST_LINES = 600, 8  # characters and lines of an error's own text


class Escape(AssertionError):
    """A way out of a test that would have hidden its result, such as `pytest.skip()`."""


class BrokenFile(Exception):
    """The learner's file could not be run; the reason is its cause, or its own text."""


class MissingTask(Exception):
    """The learner's file has no such task."""


@dataclass(frozen=True)
class Frame:
    """A line of the learner's file in a traceback."""

    line: int
    function: str
    source: str


def explain(error: BaseException, exercise: Exercise, task: str, file: Path) -> dict[str, Any]:
    """Return the state, the place and the words for an error that a test of this task raised."""
    if isinstance(error, BrokenFile):
        cause = error.__cause__
        line, lines = _explain_broken_file(cause, exercise, file) if cause else (0, [str(error)])
        return {"state": State.WRONG, "line": line, "lines": lines, "whole_file": True}
    where = _definition(file, task)
    if where is not None and (line := _unwritten_line(error, where)):
        return {"state": State.TO_DO, "line": line}
    frames = list(_answer_frames(error)) or list(_answer_frames(error.__cause__))
    line = frames[-1].line if frames else _line_of(where, getattr(error, "method", ""))
    return {
        "state": State.WRONG,
        "line": line,
        "lines": [
            *_text_of(error, exercise),
            *_why_none(error, frames, exercise, task),
            *_shown(frames),
        ],
    }


def _unwritten_line(error: BaseException | None, task: Definition) -> int:
    """Return the line of the task's own `raise NotImplementedError` if the error began there."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        frames = list(_answer_frames(error)) if isinstance(error, NotImplementedError) else []
        # torch raises the same error where it has no kernel for a dtype.
        own = frames and frames[-1].source.startswith("raise") and _ends_in_answer(error)
        if own and task.first <= frames[-1].line <= task.last:
            return frames[-1].line
        error = error.__cause__ or error.__context__
    return 0


def _definition(file: Path, task: str) -> Definition | None:
    try:
        return definitions(decode_source(file.read_bytes())).get(task)
    except (OSError, SyntaxError, ValueError):
        return None


def _line_of(where: Definition | None, method: str) -> int:
    return where.methods.get(method, where.first) if where else 0


def _tracebacks(error: BaseException | None) -> Iterator[TracebackType]:
    traceback = error.__traceback__ if error else None
    while traceback is not None:
        yield traceback
        traceback = traceback.tb_next


def _answer_frames(error: BaseException | None) -> Iterator[Frame]:
    for traceback in _tracebacks(error):
        code = traceback.tb_frame.f_code
        if is_answer(traceback.tb_frame.f_globals):
            source = linecache.getline(code.co_filename, traceback.tb_lineno).strip()
            yield Frame(traceback.tb_lineno, code.co_qualname, source)


def _ends_in_answer(error: BaseException) -> bool:
    *_, last = _tracebacks(error)
    return is_answer(last.tb_frame.f_globals)


def _explain_broken_file(
    error: BaseException, exercise: Exercise, file: Path
) -> tuple[int, list[str]]:
    if isinstance(error, SyntaxError) and error.filename == str(file):
        line, source = error.lineno or 0, (error.text or "").strip()
        return line, [
            f"{type(error).__name__}: {error.msg}",
            *([f"  {line}  {source}"] * bool(source)),
        ]
    if isinstance(error, FileNotFoundError) and not file.is_file():
        back = f"; kata reset {exercise.number} brings the stub back"
        return 0, ["there is no such file" + (back if file == exercise.file else "")]
    frames = list(_answer_frames(error)) or list(_answer_frames(error.__cause__))
    return (frames[-1].line if frames else 0), [*_text_of(error, exercise), *_shown(frames)]


def _text_of(error: BaseException, exercise: Exercise) -> list[str]:
    if isinstance(error, MissingTask):
        back = f"kata reset {error} brings the stub back"
        return [f"{exercise.topic}.py has no {error}; {back}"]
    if isinstance(error, NoTerminal | BdbQuit):
        return [str(NoTerminal())]
    said = said_by(error)
    text = said.removeprefix(f"{name_of(error)}: ")
    if isinstance(error, pytest.fail.Exception) and "Timeout" in text:
        return [f"it does not end: stopped after {_seconds(text)}"]
    if isinstance(error, RecursionError):
        return ["RecursionError: it calls itself without end"]
    if isinstance(error, AssertionError):
        return _cut(_said_by_assert(text) or "AssertionError").splitlines()
    return _cut(said).splitlines()


def _why_none(
    error: BaseException, frames: list[Frame], exercise: Exercise, task: str
) -> list[str]:
    """Say why a `.grad` is None, where it has met arithmetic; torch says no more than None."""
    begun = error if isinstance(error, TypeError | AttributeError) else error.__cause__
    met = isinstance(begun, TypeError | AttributeError) and "NoneType" in str(begun)
    of_grad = met and frames and re.search(r"\.grad\b", frames[-1].source)
    if not of_grad:
        return []
    return [_NONE_IS_DUE if _none_is_given(exercise.file, task) else _NO_GRAD]


def _none_is_given(file: Path, task: str) -> bool:
    """Tell whether the docstring of a task speaks of None: then it is no mistake that one is."""
    try:
        nodes = ast.parse(decode_source(file.read_bytes())).body
    except (OSError, SyntaxError, ValueError):
        return False
    named = [node for node in nodes if getattr(node, "name", None) == task]
    return any("None" in (ast.get_docstring(n) or "") for n in named if isinstance(n, _NAMED))


def _said_by_assert(text: str) -> str:
    """Return the sentence of an assert, or else the first line of what pytest says it compared."""
    if text.startswith("assert "):
        return text.splitlines()[0].removeprefix("assert ")
    return text.partition("\nassert ")[0]


def _seconds(text: str) -> str:
    found = re.search(r">([\d.]+)s", text)
    return f"{float(found[1]):g} s" if found else "the time limit"


def _cut(text: str) -> str:
    # A lone surrogate is no text: it would stop the report on its way between processes.
    sound = text.encode("utf-8", "backslashreplace").decode()
    cut = "\n".join(sound.splitlines()[:_MOST_LINES])[:_LONGEST]
    return cut if len(cut) == len(sound) else cut + " …"


def _shown(frames: list[Frame]) -> list[str]:
    """Show the learner's own lines, the last few of them, each once."""
    distinct = list(dict.fromkeys(frames))[-_SHOWN_FRAMES:]
    return [f"  {frame.line}  {frame.source}   in {frame.function}" for frame in distinct]
