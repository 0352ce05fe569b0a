"""What the course remembers for convenience: the last verdicts, and hint steps asked for.

A cache in the folder `.gradkata`: it may be deleted, and a run makes it anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from gradkata.course import Exercise
from gradkata.results import Record, State

# Steps that were asked for where nothing can be written.
_UNWRITTEN: dict[tuple[Path, str], int] = {}


def digest(*files: Path) -> str:
    """Return a hash of the files' names and bytes; that a file cannot be read counts too."""
    whole = hashlib.sha256()
    for file in files:
        whole.update(f"{file.name} ".encode("utf-8", "surrogateescape"))
        try:
            whole.update(hashlib.sha256(file.read_bytes()).digest())
        except OSError:
            whole.update(b"unreadable")
    return whole.hexdigest()


def known_states(exercise: Exercise) -> dict[str, str]:
    """Return the state of each task that was judged with the file and its tests as they are now."""
    match _read(exercise.root, "verdicts").get(exercise.name):
        case dict(known):
            shared = _shared_fingerprint(exercise)
            return {
                task: str(state)
                for task, (fingerprint, state) in _pairs(known)
                if fingerprint == _task_fingerprint(exercise, task, shared)
            }
        case _:
            return {}


def _pairs(known: dict[str, Any]) -> Iterator[tuple[str, tuple[str, str]]]:
    for task, pair in known.items():
        match pair:
            case [str(fingerprint), str(state)]:
                yield task, (fingerprint, state)


def is_done(exercise: Exercise) -> bool:
    """Tell whether every task is known to be done."""
    states = known_states(exercise)
    return all(states.get(task) == State.DONE for task in exercise.tasks)


def remember(exercise: Exercise, record: Record, before: str) -> None:
    """Keep the states of a record, unless a file was saved since its fingerprint was `before`."""
    known = {task.task: task.state for task in record.tasks if task.state != State.NOT_JUDGED}
    if known and fingerprint(exercise) == before:
        remember_states(exercise, known)


def remember_states(exercise: Exercise, states: Mapping[str, str]) -> None:
    """Keep states, and those already known of the same files."""
    verdicts = _read(exercise.root, "verdicts")
    shared = _shared_fingerprint(exercise)
    verdicts[exercise.name] = {
        task: [_task_fingerprint(exercise, task, shared), state]
        for task, state in {**known_states(exercise), **states}.items()
    }
    _write(exercise.root, "verdicts", verdicts)


def remember_place(exercise: Exercise) -> None:
    """Remember which exercise is at hand."""
    place = {"exercise": exercise.name}
    if _read(exercise.root, "place") != place:
        _write(exercise.root, "place", place)


def place(root: Path) -> str:
    """Return the name of the exercise that was at hand last; empty if none is known."""
    return str(_read(root, "place").get("exercise", ""))


def next_hint(exercise: Exercise, task: str, steps: int) -> int:
    """Count one more request for a hint, and return which step is due: from 1 to `steps`."""
    asked = _read(exercise.root, "hints")
    written = asked.get(task)
    before = written if isinstance(written, int) else 0
    step = min(max(before, _UNWRITTEN.get((exercise.root, task), 0)) + 1, steps)
    _write(exercise.root, "hints", asked | {task: step})
    if not is_counted(exercise, task, step):
        _UNWRITTEN[exercise.root, task] = step
    return step


def hints_asked(exercise: Exercise) -> dict[str, int]:
    """Return how many steps were asked for, of each task that has any."""
    asked = _read(exercise.root, "hints")
    return {t: n for t, n in asked.items() if t in exercise.tasks and isinstance(n, int)}


def is_counted(exercise: Exercise, task: str, step: int) -> bool:
    """Tell whether a request for this step of a task's hints is stored."""
    return _read(exercise.root, "hints").get(task) == step


def fingerprint(exercise: Exercise) -> str:
    """Return what a verdict on the exercise rests on: the learner's file and the tests."""
    return f"{digest(exercise.file)} {digest_of_tests(exercise)}"


def digest_of_tests(exercise: Exercise) -> str:
    """Return a hash of all the exercise's tests."""
    return digest(*sorted(exercise.tests.glob("*.py")))


def _shared_fingerprint(exercise: Exercise) -> str:
    return digest(exercise.file, exercise.tests / "shared.py")


def _task_fingerprint(exercise: Exercise, task: str, shared: str) -> str:
    return f"{shared} {digest(exercise.tests_of(task))}"


def _read(root: Path, name: str) -> dict[str, Any]:
    try:
        content = json.loads((root / ".gradkata" / f"{name}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _write(root: Path, name: str, content: dict[str, Any]) -> None:
    """Replace the file whole; where it cannot be written, the course works without memory."""
    target = root / ".gradkata" / f"{name}.json"
    draft = target.with_suffix(f".{os.getpid()}")
    with contextlib.suppress(OSError):
        target.parent.mkdir(exist_ok=True)
        try:
            draft.write_text(json.dumps(content, indent=1), encoding="utf-8")
            draft.replace(target)
        finally:
            # On a full disk there is a part of it.
            draft.unlink(missing_ok=True)
