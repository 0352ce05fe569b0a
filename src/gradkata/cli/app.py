"""The command `kata`: watch, judge, hints, our solution, and an exercise as it was.

What needs no judging is read from the course's files, so that it does not wait for torch.
"""

from __future__ import annotations

import difflib
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from gradkata import course
from gradkata.cli.asked import all_named, fail, first_not_done, named, nearness, root_here
from gradkata.cli.grade import grade
from gradkata.cli.init import init
from gradkata.cli.printing import (
    bold,
    show,
    show_markdown,
    show_overview,
)
from gradkata.cli.reading import show_list, show_solution
from gradkata.cli.reset import reset_exercise, reset_task
from gradkata.cli.room import join, leave, room, sender_here
from gradkata.cli.update import update
from gradkata.course import Exercise, guidance, workbook
from gradkata.display import display_path, reason_of
from gradkata.environment import complete_environment


class _Commands(TyperGroup):
    """The commands; any other name is that of an exercise or a task to open."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command that is meant, and its arguments."""
        if args and args[0] not in self.commands:
            args = ["open", *args]
        return super().resolve_command(ctx, args)


app = typer.Typer(
    name="kata",
    cls=_Commands,
    help="Exercises on PyTorch autograd. Without a command: the exercise that you left off at, "
    "judged at once and again each time you save it; `kata 05` or `kata Sigmoid` opens another.",
    epilog="It is all pytest: `pytest exercises/03_custom_function` judges the same.",
    invoke_without_command=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Task = Annotated[
    str, typer.Argument(metavar="TASK", help="The task's name, in any case.", show_default=False)
]
Plain = Annotated[
    bool, typer.Option("--plain", help="Watch without a screen, line by line; keys end by Enter.")
]
Bell = Annotated[
    bool,
    typer.Option("--bell", envvar="KATA_BELL", help="Ring when a verdict took two seconds."),
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Go ahead without asking.")]


def main() -> None:
    """Run the command line; what it cannot do is one line and exit code 4, like pytest's."""
    # A character that the terminal's encoding lacks is no reason to fail.
    for stream in (sys.stdout, sys.stderr):
        getattr(stream, "reconfigure", lambda **_: None)(errors="backslashreplace")
    complete_environment()
    try:
        app(prog_name="kata")
    except course.UnknownName as unknown:
        fail(str(unknown))
    except SyntaxError as error:
        fail(f"cannot read {display_path(error.filename)}, line {error.lineno}: {error.msg}")
    except OSError as error:
        fail(reason_of(error))


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"gradkata {version('gradkata')}")
        raise typer.Exit


@app.callback()
def overview(
    context: typer.Context,
    version: Annotated[  # noqa: ARG001 - its callback does the work
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
    plain: Plain = False,
    bell: Bell = False,
) -> None:
    """Watch the exercise that was left off at, unless another command was asked for."""
    if context.invoked_subcommand is not None:
        return
    root = root_here()
    if not _watch(root, plain=plain, bell=bell):
        _judge_once(root)


@app.command("open", hidden=True)
def open_(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="EXERCISE | TASK", show_default=False)],
    plain: Plain = False,
    bell: Bell = False,
) -> None:
    """Watch an exercise, or one with a task of it at hand."""
    root = root_here()
    try:
        exercise, task = named(root, name)
    except course.UnknownName as unknown:
        commands = context.parent.command if context.parent else None
        known = commands.commands.items() if isinstance(commands, TyperGroup) else []
        shown = [word for word, command in known if not command.hidden]
        near = difflib.get_close_matches(name, shown, n=1)
        if not near or nearness(unknown, name) == 2:
            raise
        what = "no command, exercise or task is called"
        raise course.UnknownName(f"{what} '{name}'; did you mean kata {near[0]}?") from None
    before = context.parent.params if context.parent else {}
    plain, bell = plain or before["plain"], bell or before["bell"]
    if not _watch(root, exercise, task, plain=plain, bell=bell):
        _judge_once(root, exercise, task)


def _start_warm_process() -> None:
    """Let torch be imported beside what this process imports itself."""
    from gradkata.judging.forking import start_warm_process

    start_warm_process()


def _watch(
    root: Path,
    exercise: Exercise | None = None,
    task: str = "",
    *,
    plain: bool = False,
    bell: bool = False,
) -> bool:
    """Watch until the learner quits, and print where they stand; False if no screen is there."""
    from gradkata.watch import terminal

    if not plain and not terminal.is_terminal():
        return False
    _start_warm_process()
    from gradkata.watch.app import watch

    watch(root, exercise, task, plain=plain, bell=bell, room=sender_here(root))
    show_overview(course.exercises(root))
    return True


def _judge_once(root: Path, exercise: Exercise | None = None, task: str = "") -> None:
    """Judge what was asked for, or left off at, and print where the learner stands."""
    exercises = course.exercises(root)
    exercise = exercise or workbook.where_left_off(exercises) or exercises[-1]
    asked = {exercise: [task] if task else list(exercise.tasks)}
    _judge(asked, root / "exercises", device="cpu", as_json=False)
    show("")
    show_overview(exercises)


app.command()(init)


@app.command("list")
def list_tasks(
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[WORD]...",
            help="Show what has each of them in a task's or its exercise's name, or in what one "
            "can do after it.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Show every task of every exercise, or those that a search finds, and its state."""
    show_list(course.exercises(root_here()), " ".join(words or []))


@app.command()
def hint(
    task: Annotated[
        str,
        typer.Argument(
            metavar="TASK",
            help="The task's name, in any case; without it, the first not known to be done.",
            show_default=False,
        ),
    ] = "",
    step: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Show step N.", show_default=False)
    ] = None,
) -> None:
    """Show the next step towards a task, one more each time."""
    root = root_here()
    found = course.find_task(root, task) if task else first_not_done(root)
    if found is None:
        show("every task is done; name one to read its hints: kata hint TASK")
        return
    exercise, task = found
    due = guidance.hint_at(exercise, task, step) if step else guidance.next_hint(exercise, task)
    if due is None:
        show(f"{task} has no hints; our solution: kata solution {task}")
        return
    show(bold(f"{due.title}\n"))
    show_markdown(due.steps[-1])
    if due.is_last:
        show(f"\nthis is the last hint; our solution: kata solution {task}")
    elif step or not due.is_counted:
        cannot = "" if due.is_counted else ".gradkata cannot be written, so steps are not counted; "
        show(f"\n{cannot}one step more: kata hint {task} --step {len(due.steps) + 1}")
    else:
        show(f"\none step more: kata hint {task}")


@app.command()
def check(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[EXERCISE | TASK]...",
            help="What to judge; without it, every exercise.",
            show_default=False,
        ),
    ] = None,
    answers: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Judge the answers in DIR, which mirrors exercises/."),
    ] = None,
    device: Annotated[str, typer.Option(help="cpu or cuda.")] = "cpu",
    as_json: Annotated[bool, typer.Option("--json", help="Print the records as JSON.")] = False,
) -> None:
    """Judge exercises, each in a process of its own; exit code 0 if all that is asked is done."""
    root = root_here()
    folder = (answers or root / "exercises").resolve()
    if not folder.is_dir():
        fail(f"--answers {answers}: no such folder")
    done = _judge(all_named(root, names or []), folder, device=device, as_json=as_json)
    raise typer.Exit(0 if done else 1)


def _judge(asked: dict[Exercise, list[str]], answers: Path, *, device: str, as_json: bool) -> bool:
    _start_warm_process()
    # Not before now, for it brings the machinery of judging.
    from gradkata.cli.check import check as judge_and_show

    root = next(iter(asked)).root
    # What others have answered is not reported.
    room = sender_here(root) if answers == root / "exercises" else None
    try:
        return judge_and_show(asked, answers, device=device, as_json=as_json, room=room)
    except KeyboardInterrupt:
        typer.echo("stopped", err=True)
        raise typer.Exit(130) from None


@app.command()
def reset(
    name: Annotated[
        str,
        typer.Argument(
            metavar="EXERCISE | TASK",
            help="An exercise's number, topic, name or path: 3, topic, 03_topic or "
            "exercises/03_topic; or the name of one task.",
            show_default=False,
        ),
    ],
    yes: Yes = False,
) -> None:
    """Put an exercise or one task back as it was; your file is kept beside it."""
    exercise, task = named(root_here(), name)
    if task and exercise.file.exists():
        reset_task(exercise, task, yes=yes)
    else:
        reset_exercise(exercise, yes=yes)


@app.command()
def solution(task: Task, yes: Yes = False) -> None:
    """Show how our solution of a task differs from yours."""
    exercise, task = course.find_task(root_here(), task)
    show_solution(exercise, task, yes=yes)


@app.command()
def doctor() -> None:
    """Look at what the course needs, and say what to do where it is not well."""
    from gradkata.cli.doctor import show as show_findings

    raise typer.Exit(0 if show_findings(root_here()) else 1)


@app.command()
def plot(
    name: Annotated[
        str,
        typer.Argument(metavar="EXERCISE", help="One that has pictures.", show_default=False),
    ],
    answers: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Draw by the answers in DIR, which mirrors exercises/."),
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Where the pictures go; else .gradkata/pictures."),
    ] = None,
    kind: Annotated[str, typer.Option("--format", help="svg or png.")] = "svg",
) -> None:
    """Draw an exercise's pictures by your own functions, and print where they are."""
    root = root_here()
    exercise = course.find_exercise(root, name)
    from gradkata.cli.plot import CannotDraw, draw

    try:
        for file in draw(exercise, answers or root / "exercises", to=to, kind=kind):
            show(display_path(file))
    except CannotDraw as reason:
        fail(str(reason))


app.command()(update)
app.command()(grade)
for command in (room, join, leave):
    app.command()(command)
