"""`kata doctor`: a line for each thing that the course needs, and what to do if it is not well."""

from __future__ import annotations

import ast
import contextlib
import importlib.metadata
import os
import platform
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gradkata import course, environment, seen
from gradkata.course import Exercise, laid_out
from gradkata.display import COLOURS, SIGNS, as_encoded, as_text, display_path, visible
from gradkata.judging.forking import place_of_socket
from gradkata.judging.forking import why_not as why_not_forked
from gradkata.results import State

_PYTHON = (3, 11)
_TORCH = (2, 6)


@dataclass(frozen=True)
class Finding:
    """What was found of one thing; `to_do` is empty if it is well."""

    subject: str
    fact: str
    to_do: str = ""


def examine(root: Path) -> Iterator[Finding]:
    """Yield what is found, one thing after another."""
    yield Finding("course", f"gradkata {importlib.metadata.version('gradkata')} in {root}")
    yield from _own_package(root)
    yield from _own_version(root)
    yield _python()
    yield from _environment(root)
    yield from _torch()
    yield _seen()
    yield _pytest()
    yield _judgements()
    yield _events(root)
    yield _write_access(root)
    yield from _answers(course.exercises(root))


def _python() -> Finding:
    fact = f"{platform.python_version()}, {sys.executable}"
    old = sys.version_info < _PYTHON
    needed = ".".join(map(str, _PYTHON))
    return Finding("Python", fact, f"the course needs {needed} or later" if old else "")


def _own_package(root: Path) -> Iterator[Finding]:
    fact, _, to_do = environment.told_other_clone(root).partition(": python")
    if fact:
        yield Finding("gradkata", fact, f"python{to_do}")


def _own_version(root: Path) -> Iterator[Finding]:
    fact, _, to_do = laid_out.told_other_version(root).partition(": ")
    if fact:
        yield Finding("version", fact, to_do)


def _environment(root: Path) -> Iterator[Finding]:
    """Say if the environment is not where it was made, or if files hide its modules."""
    was = environment.place_of_making()
    if was:
        fact = f"made in {was}, where its programs look for Python, and moved to {sys.prefix}"
        ours = Path(sys.prefix) == root / ".venv"
        to_do = "python -m nox -s kata mends it" if ours else "make it anew where it is to be"
        yield Finding("environment", fact, to_do)
    fact, _, to_do = environment.told_hiding(environment.hiding_files()).rstrip().partition(": ")
    if fact:
        yield Finding("modules", fact, to_do)


def _torch() -> Iterator[Finding]:
    started = time.monotonic()
    try:
        import torch
    # A broken build raises the OSError of a library that is missing.
    except (ImportError, OSError) as error:
        yield Finding("torch", str(error), "install the course again: python -m nox -s kata")
        return
    build = f"CUDA {torch.version.cuda}" if torch.version.cuda else "CPU"
    seconds = time.monotonic() - started
    old = tuple(int(part) for part in torch.__version__.split(".")[:2]) < _TORCH
    needed = ".".join(map(str, _TORCH))
    yield Finding(
        "torch",
        f"{torch.__version__}, a build for {build}, imported in {seconds:.1f} s",
        f"the course needs {needed} or later" if old else "",
    )
    yield _cuda(torch.version.cuda)
    threads = f"torch uses {torch.get_num_threads()} of {os.cpu_count()} processors"
    yield Finding("threads", threads)


def _seen() -> Finding:
    """Say on what the course was seen to judge rightly, and whether that is what runs here."""
    entries = seen.read()
    fact = f"seen on {seen.summary(entries)}" if entries else "not yet seen to be right on any"
    with contextlib.suppress(ImportError, OSError):
        here = seen.here()
        if not any(entry.is_like(here) for entry in entries):
            fact += f"; not on torch {here.torch} with Python {here.python} on {here.system}"
    return Finding("verdicts", fact)


def _cuda(build: str | None) -> Finding:
    import torch

    driver = _driver()
    there = f"driver {driver}" if driver else "no driver"
    if torch.cuda.is_available():
        return Finding("CUDA", f"{torch.cuda.get_device_name()}, {there}")
    if not driver:
        return Finding("CUDA", "none here; every exercise runs on the CPU")
    if build is None:
        return Finding("CUDA", there, "for --device cuda install a build of torch for CUDA")
    return Finding("CUDA", there, "torch sees no device: the driver may be too old for its CUDA")


def _driver() -> str:
    """Return the version of the NVIDIA driver, empty if there is none (Linux)."""
    version = Path("/proc/driver/nvidia/version")
    words = version.read_text().split() if version.is_file() else []
    return next((word for word in words if word[:1].isdigit() and "." in word), "")


def _pytest() -> Finding:
    import pytest

    points = importlib.metadata.entry_points(group="pytest11")
    fact = f"pytest {pytest.__version__}"
    if any(point.value == "gradkata.plugin" for point in points):
        return Finding("pytest", f"{fact}, with the course's plugin")
    return Finding("pytest", f"{fact}, without the course's plugin", "python -m pip install -e .")


def _judgements() -> Finding:
    try:
        usual, place, why_not = tempfile.gettempdir(), place_of_socket(), why_not_forked()
    except FileNotFoundError as error:
        fact = error.strerror or str(error)
        return Finding("judgements", fact, "set TMPDIR to a folder where you may write")
    if place is None:
        return Finding("judgements", why_not, "set TMPDIR to a folder with a shorter path")
    if why_not:
        return Finding("judgements", f"made by fresh processes, which is slower: {why_not}")
    fact = "forked from a warm process, which is fast"
    if place != usual:
        fact += f"; its socket is in {place}, for the path of TMPDIR is too long"
    return Finding("judgements", fact)


def _events(root: Path) -> Finding:
    if not _can_write(root / ".gradkata"):
        return Finding("saves", "not tried: .gradkata cannot be written")
    if _tells_of_a_save(root):
        return Finding("saves", "the system tells of a save at once")
    return Finding("saves", "the system does not tell of a save; kata looks once a second")


def _tells_of_a_save(root: Path) -> bool:
    from watchfiles import watch

    probe = root / ".gradkata" / f"probe-{os.getpid()}"
    saving = threading.Timer(0.2, _save, [probe])
    patience = time.monotonic() + 1.5
    try:
        probe.parent.mkdir(exist_ok=True)
        saving.start()
        for changes in watch(probe.parent, step=20, rust_timeout=100, yield_on_timeout=True):
            # Somebody else may save beside it.
            if any(Path(path).name == probe.name for _, path in changes):
                return True
            if time.monotonic() > patience:
                break
    except (OSError, RuntimeError):
        pass
    finally:
        saving.cancel()
        with contextlib.suppress(RuntimeError):  # it was never started
            saving.join()
        with contextlib.suppress(OSError):
            probe.unlink(missing_ok=True)
    return False


def _save(probe: Path) -> None:
    with contextlib.suppress(OSError):  # a full disk
        probe.write_text("saved", encoding="utf-8")


def _can_write(folder: Path) -> bool:
    """Tell whether files can be made in a folder that is there, or is still to be made."""
    if not os.path.lexists(folder):
        return os.access(folder.parent, os.W_OK | os.X_OK)
    return folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)


def _write_access(root: Path) -> Finding:
    places = [root / "exercises", root]
    refused = [display_path(place) for place in places if not os.access(place, os.W_OK)]
    if refused:
        fact = f"none to {', '.join(refused)}"
        to_do = "have the course where you may write: clone it there, or kata init DIR"
        return Finding("write access", fact, to_do)
    if not _can_write(root / ".gradkata"):
        fact = "none to .gradkata, where kata remembers the last verdicts"
        return Finding("write access", fact, "delete .gradkata; kata makes it anew")
    return Finding("write access", "to your answers, and to what kata remembers")


def _answers(exercises: tuple[Exercise, ...]) -> Iterator[Finding]:
    faults = [finding for exercise in exercises if (finding := _fault_of(exercise))]
    yield from faults
    if not faults:
        yield Finding("your answers", f"{len(exercises)} exercises, each can be parsed")


def _fault_of(exercise: Exercise) -> Finding | None:
    file = display_path(exercise.file)
    again = f"mend it, or kata reset {exercise.number}, which keeps your file"
    try:
        ast.parse(exercise.file.read_bytes(), filename=file)
    except FileNotFoundError:
        return Finding("your answers", f"{file} is missing", f"kata reset {exercise.number}")
    except SyntaxError as error:
        return Finding("your answers", f"{file}:{error.lineno or 1}: {error.msg}", again)
    except (OSError, ValueError) as error:
        return Finding("your answers", f"{file}: {error}", again)
    if not exercise.solution.is_file():
        back = "put it back from the course's repository: git checkout -- solutions"
        if laid_out.version_of(exercise.root):
            back = "install gradkata again"
        return Finding("your answers", f"{display_path(exercise.solution)} is missing", back)
    return None


def show(root: Path) -> bool:
    """Print what is found as it is found; tell whether all is well."""
    from rich.console import Console

    console, well = Console(highlight=False), True
    for finding in examine(root):
        mark = SIGNS[State.WRONG if finding.to_do else State.DONE]
        line = as_text(as_encoded(f"{mark} ", console.encoding), style=COLOURS[mark])
        line.append(visible(f"{finding.subject:<13}{finding.fact}"), style="default")
        console.print(line, soft_wrap=True)
        if finding.to_do:
            console.print(as_text(f"               {finding.to_do}"), soft_wrap=True)
            well = False
    return well
