"""What a learner asks for on the command line, and what the commands ask them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NoReturn

import typer

from gradkata import course
from gradkata.course import Exercise, laid_out
from gradkata.course.workbook import states_of
from gradkata.display import visible
from gradkata.results import State


def root_here() -> Path:
    """Return the course around the working directory, or leave with a sentence."""
    root = course.find_root(Path.cwd())
    if root is None:
        where = "no course here: run kata where the folder exercises is, or below it"
        fail(f"{where}; kata init lays it out" if laid_out.inside() else where)
    return root


def all_named(root: Path, names: list[str]) -> dict[Exercise, list[str]]:
    """Return the tasks that are asked for, by exercise, in the order of the course."""
    asked: dict[Exercise, set[str]] = {}
    for name in names:
        exercise, tasks = _meant_by(root, name)
        asked.setdefault(exercise, set()).update(tasks)
    everything = {exercise: set(exercise.tasks) for exercise in course.exercises(root)}
    wanted = asked or everything
    return {e: [t for t in e.tasks if t in wanted[e]] for e in everything if e in wanted}


def _meant_by(root: Path, name: str) -> tuple[Exercise, tuple[str, ...]]:
    """Return an exercise, and those of its tasks that the name of a task or of itself means."""
    exercise, task = named(root, name)
    return exercise, (task,) if task else exercise.tasks


def named(root: Path, name: str) -> tuple[Exercise, str]:
    """Return the exercise that a name means, and the task if it is the name of one."""
    try:
        return course.find_task(root, name)
    except course.UnknownName as no_task:
        try:
            return course.find_exercise(root, name), ""
        except course.UnknownName as no_exercise:
            raise max(no_task, no_exercise, key=lambda e: nearness(e, name)) from None


def nearness(unknown: course.UnknownName, name: str) -> int:
    """Tell how near a name that does not exist is to the one that is proposed for it."""
    proposed = str(unknown).partition("did you mean ")[2].lower()
    return 2 if proposed and name.strip().lower() in proposed else len(proposed) > 0


def first_not_done(root: Path) -> tuple[Exercise, str] | None:
    """Return the first task that is not known to be done, and its exercise."""
    for exercise in course.exercises(root):
        for task, state in states_of(exercise).items():
            if state != State.DONE:
                return exercise, task
    return None


def fail(message: str) -> NoReturn:
    """Leave with a sentence and exit code 4, like pytest's."""
    typer.echo(visible(message), err=True)
    sys.exit(4)


def ask(question: str, *, yes: bool) -> None:
    """Return if the learner agrees, and leave with exit code 1 if not."""
    if yes:
        return
    if sys.stdin is None or not sys.stdin.isatty():
        typer.echo("nothing is done: no terminal to ask in; pass --yes to go ahead", err=True)
        raise typer.Exit(1)
    # On stderr, because the question is not part of what a pipe is to hold.
    typer.echo(visible(f"{question} [y/N] "), nl=False, err=True)
    answer = sys.stdin.readline()
    if answer.strip().lower() in {"y", "yes"}:
        return
    if not answer:
        typer.echo("\nnothing is done: no answer; pass --yes to go ahead without one", err=True)
    else:
        typer.echo("nothing is done", err=True)
    raise typer.Exit(1)
