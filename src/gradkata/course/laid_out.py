"""The course that a wheel brings inside the package, and how it is laid out in a folder."""

from __future__ import annotations

import os
import re
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path

from gradkata.course import stubs
from gradkata.course.catalogue import INSIDE, Exercise, exercises, is_root

# Where a folder keeps what was laid out. Without it an update takes every difference for the
# learner's.
RECORD = Path(".gradkata", "laid_out")
_CONFIGURATION = "pyproject.toml"


def inside() -> Path | None:
    """Return the course that lies in the package; None where it runs from a clone."""
    return INSIDE if exercises(INSIDE) else None


def in_the_way(folder: Path) -> list[Path]:
    """Return what stands where the course would be laid out."""
    return [path for name in ("exercises", _CONFIGURATION) if (path := folder / name).exists()]


def around(folder: Path) -> Path | None:
    """Return the course that a folder lies in; None if it lies in none."""
    return next((above for above in folder.resolve().parents if is_root(above)), None)


def lay_out(course: Path, folder: Path) -> tuple[Exercise, ...]:
    """Lay a course out in a folder, and return its exercises.

    Args:
        course: what `inside` returns.
        folder: is made if it is not there; nothing that stands in it is touched.

    Raises:
        OSError: if that cannot be done; nothing of it is left then.
    """
    made = [path for path in (folder, *folder.parents) if not path.exists()]
    draft = folder / f".gradkata-init-{os.getpid()}"
    try:
        for exercise in exercises(course):
            for inner, content in _files(exercise):
                _write(draft / "exercises" / exercise.name / inner, content)
                _write(draft / RECORD / exercise.name / inner, content)
        _write(draft / _CONFIGURATION, (course / _CONFIGURATION).read_bytes())
        shutil.rmtree(folder / RECORD, ignore_errors=True)
        (folder / RECORD.parent).mkdir(exist_ok=True)
        (draft / RECORD).rename(folder / RECORD)
        (draft / "exercises").rename(folder / "exercises")
        (draft / _CONFIGURATION).rename(folder / _CONFIGURATION)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        for path in made:
            shutil.rmtree(path, ignore_errors=True)
        raise
    shutil.rmtree(draft)
    return exercises(folder)


def _files(exercise: Exercise) -> Iterator[tuple[Path, bytes]]:
    for inner in other_files(exercise):
        yield inner, (exercise.folder / inner).read_bytes()
    stub = stubs.derive(exercise.solution.read_text(encoding="utf-8"))
    yield Path(exercise.file.name), stub.replace("\n", os.linesep).encode()


def other_files(exercise: Exercise, folder: Path | None = None) -> Iterator[Path]:
    """Yield the files of an exercise but the answer, by their paths in its folder.

    Args:
        exercise: whose files they are.
        folder: where they lie, if not in its own.
    """
    folder = folder or exercise.folder
    for file in sorted(folder.rglob("*")):
        inner = file.relative_to(folder)
        is_own = "__pycache__" in inner.parts or ".kept-" in inner.name
        if file.is_file() and not is_own and inner != Path(f"{exercise.topic}.py"):
            yield inner


def _write(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def version_of(folder: Path, *, clone: bool = False) -> str:
    """Return the version that a course was laid out from; empty of one that was not.

    Args:
        folder: the course's.
        clone: asks for the version of a clone instead.
    """
    try:
        table = tomllib.loads((folder / _CONFIGURATION).read_text(encoding="utf-8"))
        return str((table["project"] if clone else table["tool"]["gradkata"])["version"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def note_version(course: Path, folder: Path) -> None:
    """Write down that a folder holds the version of a newer course by now."""
    old, new = version_of(folder), version_of(course) or version_of(course, clone=True)
    if not old or not new or old == new:
        return
    file = folder / _CONFIGURATION
    before, table, after = file.read_bytes().decode().partition("[tool.gradkata]")
    after = re.sub(rf'"{re.escape(old)}"', f'"{new}"', after, count=1)
    file.write_bytes(f"{before}{table}{after}".encode())


def told_other_version(folder: Path) -> str:
    """Say that a course was laid out from another version than runs; empty if it was not."""
    was, now = version_of(folder), version_of(INSIDE)
    if not was or not now or was == now:
        return ""
    return (
        f"this course was laid out by gradkata {was}, and {now} runs: "
        "kata update brings it to that, with your answers"
    )
