"""`kata plot`: draw an exercise's pictures by a learner's own functions.

An exercise that has pictures brings a file `pictures.py`. It imports the exercise's module as the
tests do, and each public function in it that takes nothing returns a matplotlib Figure.
"""

from __future__ import annotations

import contextlib
import inspect
import sys
from collections.abc import Callable, Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from traceback import walk_tb
from types import ModuleType
from typing import TYPE_CHECKING

from gradkata.answers import AnswerFinder, AnswerLoader
from gradkata.course import Exercise, exercises
from gradkata.display import VisibleStream, display_path
from gradkata.environment import forget_backend, quiet_matplotlib
from gradkata.errors import said_by

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_KINDS = ("svg", "png")


class CannotDraw(Exception):
    """Why there is no picture; its text is the whole message."""


def draw(exercise: Exercise, answers: Path, *, to: Path | None, kind: str) -> Iterator[Path]:
    """Draw each picture of an exercise, and yield its file.

    Raises:
        CannotDraw: if the exercise has none, or the answers cannot draw it yet.
    """
    if kind not in _KINDS:
        raise CannotDraw(f"--format {kind}: a picture is {' or '.join(_KINDS)}")
    source = exercise.folder / "pictures.py"
    if not source.is_file():
        with_some = [e.number for e in exercises(exercise.root) if _has_pictures(e)]
        known = f"; these have: {', '.join(with_some)}" if with_some else ""
        raise CannotDraw(f"{exercise.name} has no pictures{known}")
    forget_backend()
    quiet_matplotlib()
    folder = to or exercise.root / ".gradkata" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    finder = AnswerFinder(
        {e.topic: e.answer_in(answers.resolve()) for e in exercises(exercise.root)}
    )
    finder.install()
    try:
        for name, function in _functions(_load(source, exercise, answers)):
            file = folder / f"{name}.{kind}"
            _save(_figure(name, function, exercise), file)
            yield file
    finally:
        finder.remove()


def _has_pictures(exercise: Exercise) -> bool:
    return (exercise.folder / "pictures.py").is_file()


@contextlib.contextmanager
def _printing_visibly() -> Iterator[None]:
    """Let what a learner's code prints not drive the terminal."""
    out, err = VisibleStream(sys.stdout), VisibleStream(sys.stderr)
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        yield


@_printing_visibly()
def _load(source: Path, exercise: Exercise, answers: Path) -> ModuleType:
    spec = spec_from_file_location(f"pictures_of_{exercise.topic}", source)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    answer = sys.modules[exercise.topic]
    assert isinstance(answer.__loader__, AnswerLoader)
    try:
        answer.__loader__.execute(answer)
    except (Exception, SystemExit) as error:
        file = display_path(exercise.answer_in(answers))
        words = said_by(error)
        raise CannotDraw(f"{file} cannot be run: {words}") from error
    return module


def _functions(module: ModuleType) -> Iterator[tuple[str, Callable[[], Figure]]]:
    for name, function in vars(module).items():
        own = inspect.isfunction(function) and function.__module__ == module.__name__
        if own and not name.startswith("_") and not inspect.signature(function).parameters:
            yield name, function


@_printing_visibly()
def _figure(name: str, function: Callable[[], Figure], exercise: Exercise) -> Figure:
    try:
        return function()
    except NotImplementedError as error:
        raise CannotDraw(f"the picture {name} needs {_to_do(error, exercise)}") from error
    except (Exception, SystemExit) as error:
        words = said_by(error)
        raise CannotDraw(
            f"the picture {name} cannot be drawn by these answers: {words}; "
            f"pytest exercises/{exercise.name} says more"
        ) from error


def _to_do(error: NotImplementedError, exercise: Exercise) -> str:
    """Say which task it is that raises the error; where it is not seen, what shows it."""
    frames = [frame for frame, _ in walk_tb(error.__traceback__)]
    owners = [frame.f_code.co_qualname.partition(".")[0] for frame in frames]
    task = next((owner for owner in reversed(owners) if owner in exercise.tasks), "")
    if task:
        return f"{task}, which is still to do: kata {task}"
    return f"a task that is still to do: pytest exercises/{exercise.name} shows which"


def _save(figure: Figure, file: Path) -> None:
    import matplotlib

    # Without a date and with a fixed salt, the same figure is the same file.
    metadata = {"Date": None} if file.suffix == ".svg" else {}
    with matplotlib.rc_context({"svg.hashsalt": "gradkata"}):
        figure.savefig(file, metadata=metadata)
