"""What the commands print: lines as they are, coloured where a terminal shows colours."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from gradkata.course import Exercise, laid_out
from gradkata.course.workbook import states_of
from gradkata.display import SIGNS, as_encoded, as_text, coloured, display_path
from gradkata.results import State

if TYPE_CHECKING:
    from rich.console import Console, RenderableType


def _next_command(exercise: Exercise) -> str:
    if not exercise.file.exists():
        return f"kata reset {exercise.number} (its file is missing)"
    return f"pytest {quoted(exercise.folder)}"


def quoted(path: Path) -> str:
    """Return a path as it is typed in a shell from here."""
    return f'"{display_path(path)}"' if os.name == "nt" else shlex.quote(display_path(path))


def copy_command(source: Path, target: Path) -> str:
    """Return the command by which the system copies a file."""
    return f"{'copy' if os.name == 'nt' else 'cp'} {quoted(source)} {quoted(target)}"


def _count(states: Iterable[State]) -> str:
    states = list(states)
    return f"{states.count(State.DONE)} of {len(states)}"


def console() -> Console:
    """Return what writes to the terminal, or to a pipe."""
    from rich.console import Console

    return Console(highlight=False)


def show(text: RenderableType) -> None:
    """Print lines as they are; a narrow terminal wraps them itself."""
    text = as_text(text) if isinstance(text, str) else text
    console().print(text, markup=False, emoji=False, soft_wrap=True)


def show_overview(exercises: tuple[Exercise, ...]) -> None:
    """Print a line for each exercise, how many tasks are done, and what to type next."""
    states = {exercise: states_of(exercise) for exercise in exercises}
    width = max(len(exercise.name) for exercise in exercises)
    strip = max(len(of_tasks) for of_tasks in states.values())
    for exercise, of_tasks in states.items():
        signs = "".join(SIGNS[state] for state in of_tasks.values())
        count = _count(of_tasks.values())
        show(painted(f"{exercise.name:<{width}}  {signs:<{strip}}  {count}"))
    every = [state for of_tasks in states.values() for state in of_tasks.values()]
    show_legend(every)
    show(f"\n{_count(every)} tasks {'known to be ' if State.NOT_KNOWN in every else ''}done")
    unfinished = [e for e in exercises if any(state != State.DONE for state in states[e].values())]
    if unfinished:
        show(f"next: {_next_command(unfinished[0])}")
    if words := laid_out.told_other_version(exercises[0].root):
        show(words)


def show_legend(states: list[State]) -> None:
    """Print what the signs mean that stand above."""
    show("")
    present = [state for state in SIGNS if state in states]
    show(painted("  ".join(f"{SIGNS[state]} {state}" for state in present)))


def show_markdown(text: str) -> None:
    """Print Markdown as a page in a terminal, and as its source in a pipe."""
    from gradkata.watch.prose import Prose

    screen = console()
    if screen.is_terminal:
        screen.print(Prose(text))
    else:
        show(text)


def show_python(source: str) -> None:
    """Print code with its syntax coloured."""
    from rich.syntax import Syntax

    show(Syntax("", "python", theme="ansi_dark").highlight(source))


def painted(text: str) -> RenderableType:
    """Colour the signs, or replace them where the encoding has none of them."""
    return coloured(as_encoded(text, console().encoding))


def bold(text: str) -> RenderableType:
    """Return text in bold type."""
    return as_text(text, style="bold")
