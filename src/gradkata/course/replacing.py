"""Replace the content of many files, all or none, and keep copies of the learner's own."""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
from dataclasses import dataclass, replace
from pathlib import Path


@dataclass(frozen=True)
class Write:
    """A file to rewrite, or to remove if `content` is None; `keep` asks for a copy of it before."""

    file: Path
    content: bytes | None
    keep: bool
    kept: Path | None = None


def replace_all(writes: list[Write]) -> list[Write]:
    """Write each file whole beside the old one, then put all in their places.

    Raises:
        OSError: if one cannot be written; every file is as it was then.
    """
    made: list[Path] = []
    before: dict[Path, bytes | None] = {}
    at = Path()
    try:
        done = []
        for write in writes:
            at = write.file
            done.append(_prepared(write, made))
        for write in done:
            at = write.file
            was = at.read_bytes() if at.exists() else None
            _take_its_place(write)
            before[at] = was
    except OSError as error:
        with contextlib.suppress(OSError):
            _put_back(before)
        _remove(made)
        error.filename, error.filename2 = str(at), None
        raise
    return done


def _prepared(write: Write, made: list[Path]) -> Write:
    """Write what is to be kept and what is new beside a file."""
    folder = write.file.parent
    made += [path for path in (*reversed(folder.parents), folder) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    kept = _kept(write.file, made) if write.keep else None
    if write.content is not None:
        draft = _draft(write.file)
        made.append(draft)
        _write(draft, write.content)
        if write.file.exists():
            shutil.copymode(write.file, draft)
    return replace(write, kept=kept)


def _take_its_place(write: Write) -> None:
    if write.content is None:
        write.file.unlink()
    else:
        # Where it is a link, what it points to.
        _draft(write.file).replace(write.file.resolve())


def _put_back(before: dict[Path, bytes | None]) -> None:
    for file, content in before.items():
        if content is None:
            file.unlink()
        else:
            _write(_draft(file), content)
            if file.exists():
                shutil.copymode(file, _draft(file))
            _draft(file).replace(file.resolve())


def _remove(made: list[Path]) -> None:
    for path in reversed(made):
        with contextlib.suppress(OSError):
            path.rmdir() if path.is_dir() else path.unlink()


def _draft(file: Path) -> Path:
    target = file.resolve()
    return target.with_name(f".{target.name}.{os.getpid()}")


def kept_name(file: Path, number: int) -> Path:
    """Return a copy's path; only that of an answer ends in `.py`, so no tool collects others."""
    if file.suffix == ".py" and file.stem == file.parent.name[3:]:
        return file.with_name(f"{file.stem}.kept-{number}.py")
    return file.with_name(f"{file.name}.kept-{number}")


def next_kept(file: Path) -> Path:
    """Return where a file would be kept."""
    numbers = itertools.count(1)
    return next(kept for n in numbers if not (kept := kept_name(file, n)).exists())


def _kept(file: Path, made: list[Path]) -> Path:
    number = 1
    while True:
        kept = kept_name(file, number)
        try:
            with kept.open("xb"):
                made.append(kept)
            break
        except FileExistsError:
            number += 1
    _write(kept, file.read_bytes())
    return kept


def _write(file: Path, content: bytes) -> None:
    """Write a file, down to the disk."""
    with file.open("wb") as new:
        new.write(content)
        new.flush()
        os.fsync(new.fileno())
