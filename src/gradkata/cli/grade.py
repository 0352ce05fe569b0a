"""The command `kata grade`, which needs more than a learner has installed."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Annotated

import typer

from gradkata.cli.asked import all_named, fail, root_here

_NEEDED = ("jinja2",)
INSTALL = "kata grade needs more than a learner does: python -m pip install 'gradkata[workshop]'"


def grade(
    submissions: Annotated[
        Path,
        typer.Argument(
            help="A folder or a zip, as it comes from Moodle, Canvas, Gradescope, nbgrader or "
            "GitHub Classroom, or with a folder, a zip or a .py for each learner.",
            show_default=False,
        ),
    ],
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[EXERCISE]...",
            help="What to grade; without it, every exercise.",
            show_default=False,
        ),
    ] = None,
    to: Annotated[
        Path, typer.Option(metavar="DIR", help="Where what comes of it is written.")
    ] = Path("grades"),
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show who was found with which files, and stop.")
    ] = False,
    learner: Annotated[
        str,
        typer.Option(
            metavar="REGEX",
            help="Finds a learner's name in a path: its group learner, its first, or all of it.",
        ),
    ] = "",
    jobs: Annotated[
        int, typer.Option(metavar="N", min=0, help="Answers judged at a time; 0: one a core.")
    ] = 0,
    device: Annotated[str, typer.Option(help="cpu or cuda.")] = "cpu",
    seed: Annotated[
        list[int] | None,
        typer.Option(help="Of the tests; given several times, a task is done if it is on each."),
    ] = None,
    limit_seconds: Annotated[
        float, typer.Option(min=1.0, help="What a test may take, from outside.")
    ] = 20.0,
    limit_memory: Annotated[
        float, typer.Option(metavar="GIB", min=0.25, help="What an answer may take of memory.")
    ] = 4.0,
    points: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Lines such as `Sigmoid = 2`; else points.toml of the course."
        ),
    ] = None,
    fill: Annotated[
        Path | None,
        typer.Option(
            metavar="WORKSHEET.csv", help="Moodle's or Canvas' own export; a filled copy is in DIR."
        ),
    ] = None,
    column: Annotated[
        str, typer.Option(metavar="TITLE", help="The worksheet's column that takes the points.")
    ] = "",
    no_sandbox: Annotated[
        bool, typer.Option("--no-sandbox", help="Run answers with all your rights.")
    ] = False,
    scheduler: Annotated[
        str,
        typer.Option(metavar="ADDRESS", help="Judge on the Dask cluster of this scheduler."),
    ] = "",
    answers_only: Annotated[
        bool,
        typer.Option("--answers-only", help="Judge one .py, show its rows, and write nothing."),
    ] = False,
    resume: Annotated[
        bool | None,
        typer.Option(
            "--resume/--no-resume", help="Go on from what a run has left in DIR, as is usual."
        ),
    ] = None,
) -> None:
    """Judge what a cohort has handed in; exit code 0 if each task has a verdict."""
    if any(importlib.util.find_spec(name) is None for name in _NEEDED):
        fail(INSTALL)
    root = root_here()
    exercises = tuple(all_named(root, names or []))
    if device not in ("cpu", "cuda"):
        fail(f"--device {device}: no such device; cpu or cuda")
    # Not before now, for it brings the machinery of judging.
    from gradkata.grading import command

    asked = command.Asked(
        root,
        submissions,
        exercises,
        to,
        dry_run,
        learner,
        jobs,
        device,
        tuple(seed or [0]),
        not no_sandbox,
        resume,
        points,
        limit_seconds,
        limit_memory,
        fill,
        column,
        answers_only,
        scheduler,
    )
    try:
        is_whole = command.grade(asked)
    except command.CannotGrade as reason:
        fail(str(reason))
    except KeyboardInterrupt:
        typer.echo("stopped; the same command goes on from here", err=True)
        raise typer.Exit(130) from None
    raise typer.Exit(0 if is_whole else 1)
