"""What is read from disk, and changed on it, for the events and effects."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path

from gradkata import course
from gradkata.course import Exercise, guidance, progress, workbook
from gradkata.course.ways import ways
from gradkata.display import display_path, reason_of
from gradkata.results import State
from gradkata.watch import effects as do
from gradkata.watch import events as on
from gradkata.watch.state import Watched


def read_course(root: Path) -> on.Course:
    """Read which exercises there are."""
    exercises = course.exercises(root)
    return on.Course(exercises, {exercise.name: exercise.gain for exercise in exercises})


def look(root: Path, state: Watched, *, saved: bool) -> on.Looked:
    """Read the files of the exercise at hand, and the course where its tests have changed."""
    exercise = state.exercise
    fingerprint = progress.fingerprint(exercise)
    is_new = saved or fingerprint != state.seen
    text = workbook.text_of(exercise) if is_new else state.text
    states = workbook.states_of(exercise) if is_new and state.record is None else state.states
    anew, problem = None, ""
    if fingerprint.split()[1:] != state.seen.split()[1:]:
        anew = read_course(root)
        problem = _problem(exercise, anew)
    files = on.Files(fingerprint, text, states)
    elsewhere = _stamps(state.course.exercises, exercise)
    return on.Looked(files, time.monotonic(), saved, elsewhere, anew, problem)


def _stamps(exercises: Iterable[Exercise], at_hand: Exercise) -> on.Stamps:
    """Return when the files of the exercises were written, but for the one at hand."""
    return {e.name: _stamp(e.file) for e in exercises if e != at_hand}


def _stamp(file: Path) -> int:
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return 0


def _problem(exercise: Exercise, anew: on.Course) -> str:
    """Return why the tests of an exercise cannot be taken in; empty if they can."""
    found = next((e for e in anew.exercises if e == exercise), None)
    if found is None:
        return f"{exercise.name} is gone"
    try:
        there = any(found.functions.values())
    except SyntaxError as error:
        return f"{display_path(error.filename)}, line {error.lineno}: {error.msg}"
    return "" if there else f"{display_path(exercise.tests)} has no tests"


def answer(effect: do.Reading) -> on.Answer:
    """Read or change what an effect asks for; a sentence says why that cannot be done."""
    try:
        return _answer(effect)
    except OSError as error:
        return on.Failed(reason_of(error))
    except SyntaxError as error:
        place = f"{display_path(error.filename)}, line {error.lineno}" if error.filename else "ours"
        return on.Failed(f"cannot read {place}: {error.msg}")
    except ValueError as error:
        return on.Failed(f"cannot read a file of the course: {error}")


def _answer(effect: do.Reading) -> on.Answer:
    match effect:
        case do.Open(exercise, task):
            return _opened(exercise, task)
        case do.Survey(among):
            following = workbook.first_unfinished(among)
            fingerprint = progress.fingerprint(among[0])
            return on.Surveyed(among, following, fingerprint, time.monotonic())
        case do.CountOthers(exercises):
            states = [s for e in exercises for s in workbook.states_of(e).values()]
            return on.OthersCounted(states.count(State.DONE), len(states))
        case do.ReadStates(exercises):
            return on.StatesRead(tuple((e, workbook.states_of(e)) for e in exercises))
        case do.ReadLesson(exercise):
            return on.LessonRead(exercise, exercise.lesson.read_text(encoding="utf-8"))
        case do.CountHint(exercise, task):
            return on.HintCounted(task, guidance.next_hint(exercise, task))
        case do.ReadSolution(exercise, tasks):
            compared = tuple(guidance.compare(exercise, task) for task in tasks)
            return on.SolutionRead(exercise, compared)
        case do.ReadTest(exercise, task):
            return on.TestRead(task, guidance.source_of_test(exercise, task.found_at))
        case do.ReadWays(exercise, task):
            return on.WaysRead(task, ways(exercise, task))
        case do.LookAtStub(exercise):
            is_there, is_stub = exercise.file.exists(), workbook.is_stub(exercise)
            return on.StubLookedAt(exercise, is_there, is_stub)
        case do.ResetStub(exercise):
            kept = workbook.put_stub_back(exercise)
            return on.StubReset(display_path(kept) if kept else "")


def _opened(exercise: Exercise, task: str) -> on.Opened:
    progress.remember_place(exercise)
    fingerprint, text = progress.fingerprint(exercise), workbook.text_of(exercise)
    files = on.Files(fingerprint, text, workbook.states_of(exercise))
    elsewhere = _stamps(course.exercises(exercise.root), exercise)
    return on.Opened(exercise, files, time.monotonic(), elsewhere, task)
