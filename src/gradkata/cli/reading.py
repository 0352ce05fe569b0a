"""What is read of the course: the list of its tasks, and one's solution with other ways."""

from __future__ import annotations

import sys

from gradkata.cli.asked import ask, fail
from gradkata.cli.printing import bold, console, painted, show, show_legend, show_python
from gradkata.course import Exercise, contents, guidance, workbook
from gradkata.course.search import matching
from gradkata.course.ways import ways
from gradkata.course.workbook import states_of
from gradkata.display import display_path, line_of_diff, row
from gradkata.results import State


def show_list(every_exercise: tuple[Exercise, ...], search: str) -> None:
    """Print the tasks that a search finds, all if it is empty, and their states."""
    found: dict[Exercise, list[str]] = {}
    for exercise in every_exercise:
        about = f"{exercise.name} {exercise.gain}"
        if tasks := matching(search, about, exercise.tasks):
            found[exercise] = tasks
    if not found:
        fail(f"no task or exercise has the words '{search}': kata list shows all")
    width = max(len(exercise.name) for exercise in found)
    screen = console()
    every: list[State] = []
    for exercise in found:
        known = states_of(exercise)
        states = {task: known[task] for task in found[exercise]}
        every += states.values()
        # In a pipe, a line for each exercise is what grep and its like expect.
        room = max(screen.width, width + 20) if screen.is_terminal else sys.maxsize
        show(painted(row(states, title=f"{exercise.name:<{width}}", width=room)))
    show_legend(every)
    routes = contents.routes(every_exercise)
    if not search and len(routes) > 1:
        show("")
        for route in routes:
            said = f"{route.tasks} tasks, about {route.hours} hours"
            show(f"{route.title}: {route.numbers} ({said})")


def show_solution(exercise: Exercise, task: str, *, yes: bool) -> None:
    """Print how our solution of a task differs, and where other right answers of it stand."""
    if workbook.our_part(exercise, task) is None:
        show(f"our solution does not define {task}; read {display_path(exercise.solution)}")
        return
    is_done = states_of(exercise)[task] == State.DONE
    if not is_done:
        ask(workbook.question_before_solution(task), yes=yes)
    compared = guidance.compare(exercise, task)
    if compared.ours:
        show(bold(f"{compared.sentence}\n"))
        show_python(compared.ours)
    elif compared.sentence:
        show(compared.sentence)
    for line in compared.difference:
        show(line_of_diff(line))
    others = ways(exercise, task) if is_done else ()
    if others:
        show(bold("\nother ways that are right:"))
    for way in others:
        show(f"  {way.sentence}\n    {display_path(way.file)}")
