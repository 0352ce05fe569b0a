"""What a learner has written so far: the state of each task, beside ours, and as it was.

Everything here is read from the course's files, so that nothing waits for torch.
"""

from __future__ import annotations

import difflib
import importlib.util
import itertools
from collections.abc import Iterable
from pathlib import Path

from gradkata import course
from gradkata.course import Exercise, progress, stubs
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
    text = _decoded(file.read_bytes()) if file.is_file() else None
    return text is not None and stubs.is_untouched(text)


def first_unfinished(exercises: Iterable[Exercise]) -> Exercise | None:
    """Return the first exercise that is not known to be done."""
    return next((exercise for exercise in exercises if not progress.is_done(exercise)), None)


def is_stub(exercise: Exercise) -> bool:
    """Tell whether the learner's file is there, and as it was at first."""
    if not exercise.file.exists():
        return False
    return _decoded(exercise.file.read_bytes()) == _stub(exercise)


def question_before_reset(exercise: Exercise) -> str:
    """Return what is asked before an answer gives way to the stub."""
    file = display_path(exercise.file)
    return f"{file} becomes the stub again; your file is kept beside it. Reset it?"


def question_before_solution(task: str) -> str:
    """Return what is asked before our solution is shown."""
    return f"{task} is not known to be done. Show our solution?"


def put_stub_back(exercise: Exercise) -> Path | None:
    """Make the learner's file the stub again; what was there goes to the file returned."""
    kept = _keep(exercise.file) if exercise.file.exists() else None
    exercise.file.write_text(_stub(exercise), encoding="utf-8")
    return kept


def _stub(exercise: Exercise) -> str:
    return stubs.derive(exercise.solution.read_text(encoding="utf-8"))


def _keep(file: Path) -> Path:
    """Copy the file, as it is by now, to a new one beside it, and return that."""
    content = file.read_bytes()
    for number in itertools.count(1):
        kept = file.with_name(f"{file.stem}.kept-{number}.py")
        try:
            with kept.open("xb") as copy:
                copy.write(content)
        except FileExistsError:
            continue
        break
    return kept


def your_part(exercise: Exercise, task: str) -> str:
    """Return the learner's definition of a task.

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
        part = _part(text, task)
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        raise LookupError(f"{file}:{line} cannot be parsed") from error
    if part is None:
        raise LookupError(f"{file} does not define {task}")
    return part


def text_of(exercise: Exercise) -> str:
    """Return the learner's file as it stands; of one that is no text, or not there, nothing."""
    return (exercise.file.is_file() and _decoded(exercise.file.read_bytes())) or ""


def changed_tasks(exercise: Exercise, before: str, after: str) -> list[str]:
    """Return the tasks whose text is another one after a save of the learner's file.

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
