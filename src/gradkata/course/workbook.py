"""What a learner has written so far: the state of each task, beside ours, and as it was.

Everything here is read from the course's files, so that nothing waits for torch.
"""

from __future__ import annotations

import difflib
import importlib.util
import io
import itertools
import os
import re
import tokenize
from collections.abc import Iterable, Sequence
from pathlib import Path

from gradkata import course
from gradkata.course import Exercise, progress, stubs
from gradkata.course.replacing import Write, replace_all
from gradkata.display import display_path
from gradkata.results import State


def states_of(exercise: Exercise) -> dict[str, State]:
    """Return the state of each task, as far as it is known without running anything."""
    known = progress.known_states(exercise)
    unknown = set(exercise.tasks) - set(known)
    otherwise = State.TO_DO if unknown and _is_untouched(exercise.file) else State.NOT_KNOWN
    names = {task: known.get(task, otherwise) for task in exercise.tasks}
    return {task: _state(name) for task, name in names.items()}


def _state(name: str) -> State:
    try:
        return State(name)
    except ValueError:  # from another version of the course
        return State.NOT_KNOWN


def _is_untouched(file: Path) -> bool:
    text = _text(file)
    return text is not None and stubs.is_untouched(text)


def first_unfinished(exercises: Iterable[Exercise]) -> Exercise | None:
    """Return the first exercise that is not known to be done."""
    return next((exercise for exercise in exercises if not progress.is_done(exercise)), None)


def where_left_off(exercises: Sequence[Exercise]) -> Exercise | None:
    """Return the exercise that was at hand last, or the first if that is done; None if all are."""
    last = progress.place(exercises[0].root) if exercises else ""
    of_then = [exercise for exercise in exercises if exercise.name == last]
    return first_unfinished([*of_then, *exercises])


def is_stub(exercise: Exercise) -> bool:
    """Tell whether the learner's file is there, and as it was at first."""
    if not exercise.file.exists():
        return False
    return _decoded(exercise.file.read_bytes()) == _stub(exercise)


def question_before_reset(exercise: Exercise) -> str:
    """Return what is asked before an answer gives way to the stub."""
    file = display_path(exercise.file)
    return f"{file} becomes the stub again; your file is kept beside it. Reset it?"


def question_before_task_reset(exercise: Exercise, task: str) -> str:
    """Return what is asked before an answer to one task gives way to its stub."""
    file = display_path(exercise.file)
    return f"{task} in {file} becomes the stub again; your file is kept beside it. Reset it?"


def question_before_solution(task: str) -> str:
    """Return what is asked before our solution is shown."""
    return f"{task} is not known to be done. Show our solution?"


def put_stub_back(exercise: Exercise) -> Path | None:
    """Make the learner's file the stub again; what was there goes to the file returned.

    Raises:
        OSError: if that cannot be done; the learner's file is as it was then.
    """
    stub = _stub(exercise).replace("\n", os.linesep).encode()
    (done,) = replace_all([Write(exercise.file, stub, keep=exercise.file.exists())])
    return done.kept


def is_stub_of_task(exercise: Exercise, task: str) -> bool:
    """Tell whether the learner's file has the stub of a task in its place.

    Raises:
        LookupError: saying why the file has no tasks.
    """
    return _part(_source(exercise), task) == _part(_stub(exercise), task)


def put_task_back(exercise: Exercise, task: str) -> Path:
    """Put the stub of one task in its place; the file as it was goes to the file returned.

    A task that the file does not define any more comes back where it stood among the others.

    Raises:
        LookupError: saying why the place cannot be found.
        OSError: if it cannot be done; the learner's file is as it was then.
    """
    source = _source(exercise)
    stub = _part(_stub(exercise), task)
    if stub is None:
        raise LookupError(f"our solution does not define {task}")
    content = exercise.file.read_bytes()
    encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
    # Line ends stay as they are: only the task may change.
    lines = re.findall(r".*?(?:\r\n|\r|\n)|.+\Z", content.decode(encoding), re.DOTALL)
    end = "\r\n" if lines and lines[0].endswith("\r\n") else "\n"
    first, last = _place_of(task, exercise, source)
    if lines[:first] and not lines[first - 1].endswith(("\r", "\n")):
        lines[first - 1] += end
    written = [line + end for line in stub.split("\n")]
    if first == last:
        above, below = lines[:first], lines[first:]
        written = [*_gap(above[::-1], end), *written, *_gap(below, end)]
    lines[first:last] = written
    (done,) = replace_all([Write(exercise.file, "".join(lines).encode(encoding), keep=True)])
    assert done.kept is not None
    return done.kept


def line_of(exercise: Exercise, task: str) -> int:
    """Return the line on which the learner's file defines a task."""
    return course.definitions(_source(exercise))[task].first


def _gap(lines: list[str], end: str) -> list[str]:
    """Return the empty lines that are missing for two at the beginning."""
    empty = sum(1 for _ in itertools.takewhile(lambda line: not line.strip(), lines[:2]))
    return [end] * (2 - empty) if lines else []


def _place_of(task: str, exercise: Exercise, source: str) -> tuple[int, int]:
    """Return the first of the lines that give way to a task, and the one after them."""
    places = course.definitions(source)
    if task in places:
        return places[task].decorated - 1, places[task].last
    names = list(course.definitions(_stub(exercise)))
    before = [name for name in names[: names.index(task)] if name in places]
    if before:
        last = places[before[-1]].last
        return last, last
    after = [places[name].decorated - 1 for name in names[names.index(task) :] if name in places]
    first = min(after, default=source.count("\n") + (not source.endswith("\n")))
    return first, first


def _stub(exercise: Exercise) -> str:
    return stubs.derive(exercise.solution.read_text(encoding="utf-8"))


def your_part(exercise: Exercise, task: str) -> str:
    """Return the learner's definition of a task.

    Raises:
        LookupError: saying why there is none.
    """
    part = _part(_source(exercise), task)
    if part is None:
        raise LookupError(f"{display_path(exercise.file)} does not define {task}")
    return part


def _source(exercise: Exercise) -> str:
    """Return the learner's file, which can be parsed.

    Raises:
        LookupError: saying why there is none.
    """
    file = display_path(exercise.file)
    if not exercise.file.is_file():
        raise LookupError(f"{file} is missing")
    text = _decoded(exercise.file.read_bytes())
    if text is None:
        raise LookupError(f"{file} is not text in its encoding")
    try:
        course.definitions(text)
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        raise LookupError(f"{file}:{line} cannot be parsed") from error
    return text


def text_of(exercise: Exercise) -> str:
    """Return the text of the learner's file; empty if it is missing or no text."""
    return _text(exercise.file) or ""


def _text(file: Path) -> str | None:
    try:
        return _decoded(file.read_bytes())
    except OSError:
        return None


def changed_tasks(exercise: Exercise, before: str, after: str) -> list[str]:
    """Return the tasks whose text a save of the learner's file changed.

    Args:
        exercise: whose tasks they are.
        before: the earlier text; of one that cannot be parsed, no task is known.
        after: the later text.
    """
    try:
        places = course.definitions(before)
    except (SyntaxError, ValueError):
        return []
    lines, after = f"{before}\n\n".split("\n"), f"{after}\n\n"
    # With the line below, for a line more may stand there.
    texts = {
        name: "\n".join([*lines[place.decorated - 1 : place.last + 1], ""])
        for name, place in places.items()
    }
    return [task for task in exercise.tasks if task in texts and texts[task] not in after]


def our_part(exercise: Exercise, task: str) -> str | None:
    """Return the definition of a task in our solution, None if it has none."""
    return _part(exercise.solution.read_text(encoding="utf-8"), task)


def difference(exercise: Exercise, yours: str, ours: str) -> list[str]:
    """Return the lines of a diff from yours to ours, the whole definition as one hunk."""
    names = display_path(exercise.file), display_path(exercise.solution)
    both = yours.split("\n"), ours.split("\n")
    whole = difflib.unified_diff(*both, *names, n=max(map(len, both)), lineterm="")
    # The line numbers of a hunk that is everything would say nothing.
    return [line for line in whole if not line.startswith("@@")]


def _part(source: str, task: str) -> str | None:
    found = course.definitions(source).get(task)
    if found is None:
        return None
    return "\n".join(source.split("\n")[found.decorated - 1 : found.last])


def _decoded(content: bytes) -> str | None:
    """Return the text that Python would read, without a byte order mark; None if it could not."""
    try:
        return importlib.util.decode_source(content)
    except (SyntaxError, UnicodeDecodeError):
        return None
