"""What `kata grade` prints: who was found, how far it is, and what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from gradkata.course import Exercise
from gradkata.display import as_encoded, as_text, display_path
from gradkata.grading import outputs
from gradkata.grading.discovery import Learner
from gradkata.grading.report import hardest, mistakes
from gradkata.grading.rows import Row, RowState

_MOST_SHOWN = 40  # learners in the table of who was found
_LONGEST = 60  # characters of a name in it


def bar(total: int) -> Progress:
    """Return the bar of so many answers, which is drawn in a terminal only."""
    screen = Console(stderr=True)
    # An older rich ends even a bar that is disabled with an empty line.
    screen.quiet = not screen.is_terminal
    return Progress(
        TextColumn("judging"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        console=screen,
        transient=True,
        disable=not screen.is_terminal or not total,
    )


def show_found(
    console: Console, learners: Sequence[Learner], exercises: Sequence[Exercise]
) -> None:
    """Print a table of the learners with their files, and what to look at."""
    table = Table(box=None, pad_edge=False)
    for title in ("learner", "by", "answers", "files", "to look at"):
        table.add_column(title, overflow="fold")
    for learner in learners[:_MOST_SHOWN]:
        own = learner.submissions
        files = [own[e.name].path for e in exercises if e.name in own]
        notes = [note for e in exercises if e.name in own for note in own[e.name].notes]
        notes += [*learner.refused.values(), *learner.troubles, *(["late"] * learner.late)]
        shown = [*files[:3], *([f"and {len(files) - 3} more"] * (len(files) > 3))]
        cells = (
            _shortened(learner.name),
            learner.layout,
            f"{len(files)}/{len(exercises)}",
            "\n".join(shown) or "none",
            "\n".join(notes),
        )
        table.add_row(*(as_text(as_encoded(text, console.encoding)) for text in cells))
    console.print(table)
    if len(learners) > _MOST_SHOWN:
        say(console, f"and {len(learners) - _MOST_SHOWN} more learners")


def _shortened(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"


def summarise(console: Console, rows: Sequence[Row], written: Sequence[Path]) -> None:
    """Say how many tasks have which state, what the room did not understand, and what to read."""
    learners = outputs.by_learner(rows)
    states = Counter(row.state for row in rows)
    say(console, f"\n{len(learners)} learners, {len(rows)} tasks")
    counted = [f"{states[state]} {state}" for state in RowState if states[state]]
    say(console, " · ".join(counted))
    for task, share, count in hardest(rows)[:3]:
        if share < 1:
            say(console, f"hardest: {task}, done by {round(share * count)} of {count}")
    for mistake, count in mistakes(rows)[:3]:
        say(console, f"{count} of {len(learners)} learners: {mistake}")
    flagged = [learner for learner, own in learners.items() if outputs.flags_of(own)]
    if flagged:
        more = f" and {len(flagged) - 5} more" if len(flagged) > 5 else ""
        say(console, f"to look at: {', '.join(flagged[:5])}{more}")
    say(console, "")
    for file in written:
        say(console, display_path(file))


def told_time(seconds: float) -> str:
    """Return a time as people say it."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def say(console: Console, text: str) -> None:
    """Print a line."""
    console.print(as_text(as_encoded(text, console.encoding)), soft_wrap=True)
