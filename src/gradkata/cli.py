"""The command `kata`: where a learner stands, hints, our solution, and an exercise as it was.

Everything here is read from the course's files, so that no command waits for torch.
"""

from __future__ import annotations

import difflib
import importlib.util
import itertools
import os
import shlex
import sys
import textwrap
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from gradkata import course, memory, stubs
from gradkata.course import Exercise

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

DONE, WRONG, TO_DO, NOT_KNOWN = "done", "wrong", "to do", "not known until pytest runs it"
_SIGNS = {DONE: "✓", WRONG: "✗", TO_DO: "·", NOT_KNOWN: "?"}
_STYLES = {"✓": "green", "✗": "red", "·": "yellow", "?": "dim"}
_ASCII = str.maketrans({"✓": "+", "✗": "x", "·": "-"})
# Keeps a sign and its task on one line: textwrap breaks only at other spaces.
_JOINT = "\N{NO-BREAK SPACE}"

app = typer.Typer(
    name="kata",
    help="Exercises on PyTorch autograd. Without a command: where you stand, and what is next.",
    epilog="Exercises are judged by pytest; `kata` alone ends with the command to type.",
    invoke_without_command=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Task = Annotated[
    str, typer.Argument(metavar="TASK", help="The task's name, in any case.", show_default=False)
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Go ahead without asking.")]


def main() -> None:
    """Run the command line; what it cannot do is one line and exit code 4, like pytest's."""
    # A character that the terminal's encoding lacks is no reason to fail.
    for stream in (sys.stdout, sys.stderr):
        getattr(stream, "reconfigure", lambda **_: None)(errors="backslashreplace")
    try:
        app(prog_name="kata")
    except course.UnknownName as unknown:
        _fail(str(unknown))
    except SyntaxError as error:
        _fail(f"cannot read {_shown(error.filename)}, line {error.lineno}: {error.msg}")
    except OSError as error:
        _fail(f"cannot use {_shown(error.filename)}: {error.strerror}")


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
) -> None:
    """Print where the learner stands, unless another command was asked for."""
    if context.invoked_subcommand is None:
        _print_overview(course.exercises(_root()))


@app.command("list")
def list_tasks() -> None:
    """Show every task of every exercise, and its state."""
    exercises = course.exercises(_root())
    width = max(len(exercise.name) for exercise in exercises)
    console = _console()
    every: list[str] = []
    for exercise in exercises:
        states = _states(exercise)
        every += states.values()
        tasks = "  ".join(f"{_SIGNS[state]}{_JOINT}{task}" for task, state in states.items())
        lines = textwrap.wrap(
            f"{exercise.name:<{width}}  {tasks}",
            # In a pipe, a line for each exercise is what grep and its like expect.
            max(console.width, width + 20) if console.is_terminal else sys.maxsize,
            subsequent_indent=" " * (width + 2),
            break_long_words=False,
            break_on_hyphens=False,
        )
        _print(_coloured("\n".join(lines).replace(_JOINT, " ")))
    _print_legend(every)


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
) -> None:
    """Show the next step towards a task, one more each time."""
    root = _root()
    found = course.find_task(root, task) if task else _first_not_done(root)
    if found is None:
        _print("every task is done; name one to read its hints: kata hint TASK")
        return
    exercise, task = found
    steps = exercise.hints(task)
    if not steps:
        _print(f"{task} has no hints; our solution: kata solution {task}")
        return
    number = memory.next_hint(exercise, task, len(steps))
    _print(_bold(f"{task}, hint {number} of {len(steps)}\n"))
    _print_markdown(steps[number - 1])
    if number < len(steps):
        _print(f"\none step more: kata hint {task}")
    else:
        _print(f"\nthis is the last hint; our solution: kata solution {task}")


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
    device: Annotated[str, typer.Option(help="cpu, cuda or mps.")] = "cpu",
    as_json: Annotated[bool, typer.Option("--json", help="Print the records as JSON.")] = False,
) -> None:
    """Judge exercises, each in a process of its own; exit code 0 if all that is asked is done."""
    root = _root()
    folder = (answers or root / "exercises").resolve()
    if not folder.is_dir():
        _fail(f"--answers {answers}: no such folder")
    # Not before now, for it brings the machinery of judging.
    from gradkata.check_command import check as judge_and_show

    try:
        done = judge_and_show(_asked(root, names or []), folder, device=device, as_json=as_json)
    except KeyboardInterrupt:
        typer.echo("stopped", err=True)
        raise typer.Exit(130) from None
    raise typer.Exit(0 if done else 1)


def _asked(root: Path, names: list[str]) -> dict[Exercise, list[str]]:
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
    try:
        exercise, task = course.find_task(root, name)
        return exercise, (task,)
    except course.UnknownName as no_task:
        try:
            exercise = course.find_exercise(root, name)
        except course.UnknownName as no_exercise:
            better = no_task if "did you mean" in str(no_task) else no_exercise
            raise better from None
        return exercise, exercise.tasks


@app.command()
def reset(
    name: Annotated[
        str,
        typer.Argument(
            metavar="EXERCISE",
            help="Its number, topic, name or path: 3, topic, 03_topic or exercises/03_topic.",
            show_default=False,
        ),
    ],
    yes: Yes = False,
) -> None:
    """Put an exercise back as it was; your file is kept beside it."""
    exercise = course.find_exercise(_root(), name)
    stub = stubs.derive(exercise.solution.read_text(encoding="utf-8"))
    file = _shown(exercise.file)
    if not exercise.file.exists():
        exercise.file.write_text(stub, encoding="utf-8")
        _print(f"{file} was missing; the stub is back")
        return
    if _decoded(exercise.file.read_bytes()) == stub:
        _print(f"{file} is the stub already")
        return
    _ask(f"{file} becomes the stub again; your file is kept beside it. Reset it?", yes=yes)
    kept = _keep(exercise.file)
    exercise.file.write_text(stub, encoding="utf-8")
    _print(f"{file} is the stub again")
    _print(f"to have your answers back: {_copy_command(kept, exercise.file)}")


@app.command()
def solution(task: Task, yes: Yes = False) -> None:
    """Show how our solution of a task differs from yours."""
    exercise, task = course.find_task(_root(), task)
    ours = _part(exercise.solution.read_text(encoding="utf-8"), task)
    if ours is None:
        _print(f"our solution does not define {task}; read {_shown(exercise.solution)}")
        return
    if _states(exercise)[task] != DONE:
        _ask(f"{task} is not known to be done. Show our solution?", yes=yes)
    try:
        yours = _your_part(exercise, task)
    except LookupError as reason:
        _print(_bold(f"{reason}; ours:\n"))
        _print_python(ours)
        return
    if yours == ours:
        _print(f"your {task} is ours, word for word")
    else:
        _print_diff(exercise, yours, ours)


def _root() -> Path:
    root = course.find_root(Path.cwd())
    if root is None:
        _fail("no course here: run kata where the folder exercises is, or below it")
    return root


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    sys.exit(4)


def _ask(question: str, *, yes: bool) -> None:
    """Return if the learner agrees, and leave with exit code 1 if not."""
    if yes:
        return
    if sys.stdin is None or not sys.stdin.isatty():
        typer.echo("nothing is done: no terminal to ask in; pass --yes to go ahead", err=True)
        raise typer.Exit(1)
    # On stderr, because the question is not part of what a pipe is to hold.
    typer.echo(f"{question} [y/N] ", nl=False, err=True)
    answer = sys.stdin.readline()
    if answer.strip().lower() in {"y", "yes"}:
        return
    if not answer:
        typer.echo("\nnothing is done: no answer; pass --yes to go ahead without one", err=True)
    else:
        typer.echo("nothing is done", err=True)
    raise typer.Exit(1)


def _states(exercise: Exercise) -> dict[str, str]:
    """Return the state of each task, as far as it is known without running anything."""
    known = memory.known_states(exercise)
    text = _decoded(exercise.file.read_bytes()) if exercise.file.is_file() else None
    otherwise = TO_DO if text is not None and stubs.is_untouched(text) else NOT_KNOWN
    states = {task: known.get(task, otherwise) for task in exercise.tasks}
    return {task: state if state in _SIGNS else NOT_KNOWN for task, state in states.items()}


def _first_not_done(root: Path) -> tuple[Exercise, str] | None:
    for exercise in course.exercises(root):
        for task, state in _states(exercise).items():
            if state != DONE:
                return exercise, task
    return None


def _next_command(exercise: Exercise) -> str:
    if not exercise.file.exists():
        return f"kata reset {exercise.number} (its file is missing)"
    return f"pytest {_quoted(exercise.folder)}"


def _decoded(content: bytes) -> str | None:
    """Return the text that Python would read, without a byte order mark; None if it could not."""
    try:
        return importlib.util.decode_source(content)
    except (SyntaxError, UnicodeDecodeError):
        return None


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


def _your_part(exercise: Exercise, task: str) -> str:
    """Return the learner's definition of a task.

    Raises:
        LookupError: saying why there is none.
    """
    file = _shown(exercise.file)
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


def _part(source: str, task: str) -> str | None:
    found = course.definition(source, task)
    if found is None:
        return None
    return "\n".join(source.split("\n")[found.decorated - 1 : found.last])


def _shown(path: str | Path | None) -> str:
    """Return a path as it is typed from here."""
    try:
        return os.path.relpath(path or ".")
    except ValueError:  # on another drive
        return str(path)


def _quoted(path: Path) -> str:
    return f'"{_shown(path)}"' if os.name == "nt" else shlex.quote(_shown(path))


def _copy_command(source: Path, target: Path) -> str:
    return f"{'copy' if os.name == 'nt' else 'cp'} {_quoted(source)} {_quoted(target)}"


def _count(states: Iterable[str]) -> str:
    states = list(states)
    return f"{states.count(DONE)} of {len(states)}"


def _console() -> Console:
    from rich.console import Console

    return Console(highlight=False)


def _print(text: str | Text) -> None:
    """Print lines as they are; a narrow terminal wraps them itself."""
    _console().print(text, markup=False, emoji=False, soft_wrap=True)


def _print_overview(exercises: tuple[Exercise, ...]) -> None:
    states = {exercise: _states(exercise) for exercise in exercises}
    width = max(len(exercise.name) for exercise in exercises)
    strip = max(len(of_tasks) for of_tasks in states.values())
    for exercise, of_tasks in states.items():
        signs = "".join(_SIGNS[state] for state in of_tasks.values())
        count = _count(of_tasks.values())
        _print(_coloured(f"{exercise.name:<{width}}  {signs:<{strip}}  {count}"))
    every = [state for of_tasks in states.values() for state in of_tasks.values()]
    _print_legend(every)
    _print(f"\n{_count(every)} tasks {'known to be ' if NOT_KNOWN in every else ''}done")
    unfinished = [e for e in exercises if any(state != DONE for state in states[e].values())]
    if unfinished:
        _print(f"next: {_next_command(unfinished[0])}")


def _print_legend(states: list[str]) -> None:
    _print("")
    present = [state for state in _SIGNS if state in states]
    _print(_coloured("  ".join(f"{_SIGNS[state]} {state}" for state in present)))


def _print_markdown(text: str) -> None:
    from rich.markdown import Markdown

    console = _console()
    if console.is_terminal:
        console.print(Markdown(text))
    else:
        _print(text)


def _print_python(source: str) -> None:
    from rich.syntax import Syntax

    _print(Syntax("", "python", theme="ansi_dark").highlight(source))


def _print_diff(exercise: Exercise, yours: str, ours: str) -> None:
    from rich.text import Text

    styles = {"-": "red", "+": "green"}
    names = _shown(exercise.file), _shown(exercise.solution)
    both = yours.split("\n"), ours.split("\n")
    # The whole definition is one hunk, whose line numbers would say nothing.
    whole = difflib.unified_diff(*both, *names, n=max(map(len, both)), lineterm="")
    for line in whole:
        if not line.startswith("@@"):
            _print(Text(line, style=styles.get(line[:1], "")))


def _coloured(text: str) -> Text:
    """Colour the signs, or replace them where the encoding has none of them."""
    from rich.text import Text

    try:
        "✓✗·".encode(_console().encoding)
    except UnicodeEncodeError:
        return Text(text.translate(_ASCII))
    coloured = Text(text)
    for sign, style in _STYLES.items():
        coloured.highlight_words([sign], style)
    return coloured


def _bold(text: str) -> Text:
    from rich.text import Text

    return Text(text, style="bold")
