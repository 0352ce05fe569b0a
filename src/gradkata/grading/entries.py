"""What lies in a folder or a zip of submissions, zips within it included, read within bounds.

Nothing is written, no link is followed, and only what may be an answer is read. What cannot be
read is an entry with a sentence of its own, so that it costs nobody but its owner.
"""

from __future__ import annotations

import contextlib
import io
import os
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

_MIB = 2**20
# Nobody's answers: of other programs, of this course, or of what editors leave.
_SKIPPED = {
    *("__MACOSX", ".git", ".hg", ".svn", ".gradkata", ".nox", ".tox", ".vscode", ".idea"),
    *("__pycache__", ".ipynb_checkpoints", ".pytest_cache", ".mypy_cache", ".ruff_cache"),
    *(".venv", "venv", "env", "node_modules", "site-packages", "solutions", "tests"),
}
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,  # a way of compressing that Python does not know
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)


@dataclass(frozen=True)
class Bounds:
    """How much is read.

    Args:
        depth: of zips within zips.
        files: in a zip, or below one folder of those at the top.
        text: bytes of an answer, as read.
        archive: bytes of a zip within another, as read, and of all that is read of one zip.
    """

    depth: int = 3
    files: int = 20_000
    text: int = _MIB
    archive: int = 64 * _MIB


@dataclass(frozen=True)
class Entry:
    """A folder, a file, or what could not be read.

    Args:
        parts: its path from the top, a zip's name without its suffix among them.
        is_folder: whether it is one, or a zip.
        text: of a file that was asked for.
        trouble: why it could not be read, as a sentence without its path.
    """

    parts: tuple[str, ...]
    is_folder: bool = False
    text: bytes | None = None
    trouble: str = ""


Wanted = Callable[[str], bool]


@dataclass
class _Archive:
    """A zip that is being read, and how many bytes more may be."""

    parts: tuple[str, ...]
    depth: int
    left: int
    seen: set[tuple[str, ...]] = field(default_factory=set)


class Unreadable(Exception):
    """Submissions that are no folder and no zip; its text is the whole message."""


def read_all(top: Path, wanted: Wanted, bounds: Bounds | None = None) -> Iterator[Entry]:
    """Yield all that lies in a folder or a zip, in the order of names.

    Args:
        top: the folder or zip.
        wanted: tells by a file's name whether its text is to be read.
        bounds: how much is read.

    Raises:
        Unreadable: if it is neither.
    """
    bounds = bounds or Bounds()
    if top.is_dir():
        yield from _Reader(wanted, bounds).folder(top, ())
    elif top.is_file() and zipfile.is_zipfile(top):
        with top.open("rb") as file:
            yield from _Reader(wanted, bounds).archive(file, (), 1)
    elif top.is_file() and top.suffix == ".py":
        yield from _Reader(wanted, bounds).file(top)
    elif top.is_file():
        raise Unreadable(f"{top.name} is neither a folder, a zip nor a .py")
    else:
        raise Unreadable(f"{top}: no such folder or zip")


class _Reader:
    """Reads folders and zips, each into entries."""

    def __init__(self, wanted: Wanted, bounds: Bounds) -> None:
        self.wanted = wanted
        self.bounds = bounds
        self.counted: dict[str, int] = {}

    def file(self, file: Path) -> Iterator[Entry]:
        """Yield the one file that was handed in."""
        yield from self._file((_shown(file.name),), lambda: _opened(str(file)), 0, None)

    def folder(self, folder: Path, parts: tuple[str, ...]) -> Iterator[Entry]:
        """Yield what lies in a folder and below it."""
        try:
            found = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            yield Entry(parts, trouble=f"the folder cannot be read: {error.strerror}")
            return
        if any(entry.name == "pyvenv.cfg" for entry in found):
            return
        for entry in found:
            yield from self._in_folder(entry, (*parts, _shown(entry.name)))

    def _in_folder(self, entry: os.DirEntry[str], parts: tuple[str, ...]) -> Iterator[Entry]:
        if _is_skipped(parts):
            return
        self.counted[parts[0]] = self.counted.get(parts[0], 0) + 1
        if self.counted[parts[0]] > self.bounds.files:
            if self.counted[parts[0]] == self.bounds.files + 1:
                most = f"it holds more than {self.bounds.files:,} files"
                yield Entry(parts[:1], trouble=most)
            return
        if entry.is_symlink():
            if self.wanted(parts[-1]):
                yield Entry(parts, trouble="it is a link, and links are not followed")
        elif entry.is_dir():
            yield Entry(parts, is_folder=True)
            yield from self.folder(Path(entry.path), parts)
        elif entry.is_file():
            yield from self._file(parts, lambda: _opened(entry.path), 0, None)

    def archive(self, file: IO[bytes], parts: tuple[str, ...], depth: int) -> Iterator[Entry]:
        """Yield what lies in a zip."""
        if depth > self.bounds.depth:
            yield Entry(parts, trouble=f"zips lie within zips, more than {self.bounds.depth} deep")
            return
        try:
            with zipfile.ZipFile(file) as archive:
                members = archive.infolist()
                # The zip that a teacher downloads holds those of everybody.
                if len(members) > self.bounds.files * (1 if parts else 100):
                    yield Entry(parts, trouble=f"the zip holds {len(members):,} files")
                    return
                of = _Archive(parts, depth, self.bounds.archive * (1 if parts else 100))
                for member in sorted(members, key=_name_of):
                    yield from self._member(archive, member, of)
        except _UNREADABLE as error:
            yield Entry(parts, trouble=f"the zip cannot be read: {_said(error)}")

    def _member(
        self, archive: zipfile.ZipFile, member: zipfile.ZipInfo, of: _Archive
    ) -> Iterator[Entry]:
        name = _name_of(member)
        inner = tuple(part for part in name.split("/") if part not in ("", "."))
        if ".." in inner or name.startswith("/") or ":" in name[1:2]:
            yield Entry(of.parts, trouble=f"the zip holds a path that leads out of it: {name}")
            return
        parts = (*of.parts, *map(_shown, inner))
        if not inner or _is_skipped(parts[len(of.parts) :]):
            return
        for depth in range(len(of.parts) + 1, len(parts) + member.is_dir()):
            if parts[:depth] not in of.seen:
                of.seen.add(parts[:depth])
                yield Entry(parts[:depth], is_folder=True)
        if member.is_dir():
            return
        if stat.S_ISLNK(member.external_attr >> 16):
            if self.wanted(parts[-1]):
                yield Entry(parts, trouble="it is a link, and links are not followed")
        elif member.flag_bits & 1:
            if self.wanted(parts[-1]) or _is_zip(parts[-1]):
                yield Entry(parts, trouble="the zip asks for a password")
        else:
            yield from self._file(parts, lambda: archive.open(member), of.depth, of)

    def _file(
        self,
        parts: tuple[str, ...],
        open_it: Callable[[], IO[bytes]],
        depth: int,
        of: _Archive | None,
    ) -> Iterator[Entry]:
        """Yield a file, read if it is wanted, or what lies in it if it is a zip."""
        is_zip, is_wanted = _is_zip(parts[-1]), self.wanted(parts[-1])
        if not is_zip and not is_wanted:
            yield Entry(parts)
            return
        most = self.bounds.archive if is_zip else self.bounds.text
        if of is not None and of.left <= 0:
            yield Entry(parts, trouble=f"its zip holds more than {_size(self.bounds.archive)}")
            return
        try:
            with open_it() as file:
                content = file.read(most + 1)
        except _UNREADABLE as error:
            yield Entry(parts, trouble=f"it cannot be read: {_said(error)}")
            return
        if of is not None:
            of.left -= len(content)
        if len(content) > most:
            yield Entry(parts, trouble=f"it is larger than {_size(most)}")
        elif is_zip:
            inside = (*parts[:-1], parts[-1][: -len(".zip")])
            yield Entry(inside, is_folder=True)
            yield from self.archive(io.BytesIO(content), inside, depth + 1)
        else:
            yield Entry(parts, text=content)


def _opened(path: str) -> IO[bytes]:
    return Path(path).open("rb")


def _is_zip(name: str) -> bool:
    return name.lower().endswith(".zip")


def _is_skipped(parts: tuple[str, ...]) -> bool:
    return any(part in _SKIPPED or part.startswith("._") for part in parts)


def _shown(name: str) -> str:
    """Return a name that can be written everywhere, whatever bytes it is made of."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _name_of(member: zipfile.ZipInfo) -> str:
    """Return a member's name, in UTF-8 where it can be that though it does not say so."""
    name = member.filename
    if not member.flag_bits & 0x800:
        with contextlib.suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return name.replace("\\", "/")


def _size(count: int) -> str:
    return f"{count // _MIB} MiB"


def _said(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
