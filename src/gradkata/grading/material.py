"""What answers are judged by: a copy of the course with its stubs and tests, and without solutions.

A teacher's folder may hold answers of their own, or tests that somebody has changed; so the copy
is made of what is committed, and the stubs are derived from the solutions.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import io
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

import gradkata
from gradkata.course import Exercise, exercises, progress, stubs

_PREFIX = "gradkata-grade-"
_COPIED = ("exercises", "solutions", "pyproject.toml", "conftest.py")


@functools.cache
def copy_of(root: Path) -> Path:
    """Return a copy of the course, made once; `forget_copies` removes it.

    Raises:
        OSError: if it cannot be read or written.
    """
    remove_stale()
    target = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-")) / "course"
    committed = _committed(root)
    for exercise in exercises(root):
        solution = _text(root, exercise.solution, committed)
        folder = target / "exercises" / exercise.name
        (folder / "tests").mkdir(parents=True)
        if solution:
            stub = stubs.derive(solution.decode())
            (folder / f"{exercise.topic}.py").write_text(stub, encoding="utf-8")
        for file in _files(exercise, committed):
            copied = folder / file.relative_to(exercise.folder)
            copied.parent.mkdir(parents=True, exist_ok=True)
            copied.write_bytes(_text(root, file, committed))
    for name in _COPIED[2:]:
        if text := _text(root, root / name, committed):
            (target / name).write_bytes(text)
    return target


def remove_stale() -> None:
    """Remove what runs have left that were killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        number = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if number.isdigit() and not _is_alive(int(number)):
            shutil.rmtree(folder, ignore_errors=True)


def _is_alive(pid: int) -> bool:
    if os.name == "nt":
        return True  # to ask would end it there
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def forget_copies() -> None:
    """Remove the copies that this process has made."""
    copy_of.cache_clear()
    digest_of_tests.cache_clear()
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}{os.getpid()}-*"):
        shutil.rmtree(folder, ignore_errors=True)


def _committed(root: Path) -> dict[str, bytes]:
    """Return what is committed, by file as written from the course; nothing if git knows none."""
    said = _git(root, "ls-tree", "-r", "-z", "HEAD", "--", *_COPIED)
    listed = said.decode(errors="surrogateescape")
    found = {}
    for line in filter(None, listed.split("\0")):
        about, _, name = line.partition("\t")
        _, kind, found[name] = about.split()
        if kind != "blob":
            del found[name]
    asked = "".join(f"{of}\n" for of in found.values())
    contents = io.BytesIO(_git(root, "cat-file", "--batch", given=asked.encode()))
    texts = {}
    for name in found:
        _, _, size = contents.readline().split()
        texts[name] = contents.read(int(size))
        contents.readline()
    return texts


def _git(root: Path, *arguments: str, given: bytes = b"") -> bytes:
    with contextlib.suppress(OSError):
        command = ["git", "-C", str(root), *arguments]
        return subprocess.run(command, input=given, capture_output=True, check=False).stdout
    return b""


def _files(exercise: Exercise, committed: Mapping[str, bytes]) -> list[Path]:
    """Return the files of an exercise, tests and data, but no answer."""
    below = f"{exercise.folder.relative_to(exercise.root).as_posix()}/"
    if committed:
        found = [exercise.root / name for name in committed if name.startswith(below)]
    else:
        found = [file for file in exercise.folder.rglob("*") if file.is_file()]
    answers = re.compile(rf"{exercise.topic}(\.kept-\d+)?\.py")
    return sorted(
        file
        for file in found
        if "__pycache__" not in file.parts and not answers.fullmatch(file.name)
    )


def _text(root: Path, file: Path, committed: Mapping[str, bytes]) -> bytes:
    """Return a file's content as it is committed, or as it is where git knows nothing."""
    name = file.relative_to(root).as_posix()
    if not committed:
        return file.read_bytes() if file.is_file() else b""
    return committed.get(name, b"")


def changed_since(root: Path) -> list[str]:
    """Return the exercises whose tests are not as they are committed."""
    copy = copy_of(root)
    return [
        exercise.name
        for exercise in exercises(root)
        if progress.digest_of_tests(exercise)
        != progress.digest_of_tests(Exercise(copy, exercise.name))
    ]


@functools.cache
def digest_of_tests(root: Path, exercise: str) -> str:
    """Return a hash of the tests that an exercise is judged by."""
    return progress.digest_of_tests(Exercise(copy_of(root), exercise))


@functools.cache
def version_of_torch() -> str:
    """Return the version that is installed."""
    return version("torch")


@functools.cache
def digest_of_harness() -> str:
    """Return a hash of the package that judges, with what it runs on."""
    package = Path(gradkata.__file__).parent
    whole = hashlib.sha256()
    for file in sorted(package.rglob("*.py")):
        # What only shows or hands out results judges nothing.
        if file.relative_to(package).parts[0] in _JUDGE:
            whole.update(f"{file.relative_to(package).as_posix()} ".encode())
            whole.update(hashlib.sha256(file.read_bytes()).digest())
    return whole.hexdigest()


_JUDGE = {
    *("answers.py", "errors.py", "results.py", "display.py", "torch_internals.py"),
    *("checks", "course", "plugin", "judging"),
}
