"""`kata reset`: put an exercise, or one task of it, back as it was."""

from __future__ import annotations

from gradkata.cli.asked import ask, fail
from gradkata.cli.printing import copy_command, show
from gradkata.course import Exercise, workbook
from gradkata.display import display_path


def reset_exercise(exercise: Exercise, *, yes: bool) -> None:
    """Put the whole stub back, if the learner agrees."""
    file = display_path(exercise.file)
    if workbook.is_stub(exercise):
        show(f"{file} is the stub already")
        return
    if exercise.file.exists():
        ask(workbook.question_before_reset(exercise), yes=yes)
    kept = workbook.put_stub_back(exercise)
    if kept is None:
        show(f"{file} was missing; the stub is back")
        return
    show(f"{file} is the stub again")
    show(f"to have your answers back: {copy_command(kept, exercise.file)}")


def reset_task(exercise: Exercise, task: str, *, yes: bool) -> None:
    """Put the stub of one task back in its place, if the learner agrees."""
    try:
        if workbook.is_stub_of_task(exercise, task):
            show(f"{task} in {display_path(exercise.file)} is the stub already")
            return
        ask(workbook.question_before_task_reset(exercise, task), yes=yes)
        kept = workbook.put_task_back(exercise, task)
    except LookupError as reason:
        fail(f"{reason}; kata reset {exercise.number} brings the whole stub back")
    place = f"{display_path(exercise.file)}:{workbook.line_of(exercise, task)}"
    show(f"{task} is the stub again, {place}")
    show(f"to have your answers back: {copy_command(kept, exercise.file)}")
