"""Bring a course that was laid out in a folder to a newer version, with the learner's answers.

All changes are worked out first; then all of them are made, or none.
"""

from __future__ import annotations

import contextlib
import io
import os
import tokenize
from dataclasses import dataclass, field, replace
from pathlib import Path

from gradkata.course import Exercise, exercises, merging, stubs
from gradkata.course.laid_out import RECORD, other_files
from gradkata.course.pieces import NotPlain
from gradkata.course.replacing import Write, replace_all


@dataclass
class Change:
    """What becomes of one exercise."""

    name: str
    was: str = ""  # its folder, if that has another name now
    is_new: bool = False
    writes: list[Write] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    record: dict[Path, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Text:
    """A file's text, with line feeds, and what its bytes have besides."""

    text: str
    encoding: str
    end: str

    @staticmethod
    def of(content: bytes) -> Text:
        """Read it.

        Raises:
            NotPlain: if it is no text in its encoding.
        """
        try:
            encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
            text = content.decode(encoding)
        except (SyntaxError, UnicodeDecodeError) as error:
            raise NotPlain from error
        end = "\r\n" if text.partition("\n")[0].endswith("\r") else "\n"
        return Text(text.replace("\r\n", "\n").replace("\r", "\n"), encoding, end)

    def with_text(self, text: str) -> bytes:
        """Return the bytes of another text.

        Raises:
            NotPlain: if the encoding lacks a character of it.
        """
        try:
            return text.replace("\n", self.end).encode(self.encoding)
        except UnicodeEncodeError as error:
            raise NotPlain from error


def changes(root: Path, newer: Path) -> list[Change]:
    """Return what a newer course changes in the learner's folder `root`."""
    mine = {exercise.name: exercise for exercise in exercises(root)}
    ours = {exercise.name: exercise for exercise in exercises(newer)}
    lost = {e.topic: name for name, e in mine.items() if name not in ours}
    found = []
    for exercise in ours.values():
        name = exercise.name
        was = name if name in mine else lost.pop(exercise.topic, "")
        change = Change(name, was=was if was != name else "", is_new=not was)
        _work_out(change, Exercise(root, was or name), exercise)
        found.append(change)
    for name in lost.values():
        note = "it is not in the new version, and stays as it is"
        found.append(Change(name, notes=[note]))
    return found


def is_news(change: Change) -> bool:
    """Tell whether anything is to be done, or said."""
    return bool(change.writes or change.was or change.notes)


def _work_out(change: Change, mine: Exercise, ours: Exercise) -> None:
    record = mine.root / RECORD / mine.name
    stub = _stub(ours)
    change.record[Path(f"{ours.topic}.py")] = stub.encode()
    _answer(change, mine, stub, record / f"{ours.topic}.py")
    now = {path: (ours.folder / path).read_bytes() for path in other_files(ours)}
    change.record |= now
    for path, content in now.items():
        _other_file(change, mine.folder / path, content, record / path)
    if record.is_dir():
        for path in set(other_files(Exercise(record.parent, mine.name), record)) - set(now):
            if path.name != f"{mine.topic}.py":
                _other_file(change, mine.folder / path, None, record / path)


def _stub(exercise: Exercise) -> str:
    # Its own solution: another version's may lie in the package.
    solution = exercise.answer_in(exercise.root / "solutions")
    if solution.is_file():
        return stubs.derive(solution.read_text(encoding="utf-8"))
    return exercise.file.read_text(encoding="utf-8")


def _answer(change: Change, mine: Exercise, stub: str, record: Path) -> None:
    if not mine.file.exists():
        if not change.is_new:
            change.notes.append(f"{mine.file.name} was missing; its stub is there again")
        change.writes.append(Write(mine.file, stub.replace("\n", os.linesep).encode(), keep=False))
        return
    content = mine.file.read_bytes()
    old = _text_of(record)
    try:
        yours = Text.of(content)
        merged = merging.merge(old, stub, yours.text)
        after = yours.with_text(merged.text)
    except NotPlain:
        if old != stub:
            change.notes.append(_left_alone(mine))
        del change.record[Path(f"{mine.topic}.py")]
        return
    if merged.left:
        # The next update is to bring what this one could not.
        del change.record[Path(f"{mine.topic}.py")]
    change.notes += merged.notes
    if merged.text != yours.text:
        change.writes.append(Write(mine.file, after, keep=yours.text != old))


def _left_alone(mine: Exercise) -> str:
    again = f"kata reset {mine.number} brings the new stub, and keeps yours"
    return f"{mine.file.name} cannot be taken apart and stays as it is; {again}"


def _text_of(file: Path) -> str | None:
    with contextlib.suppress(OSError, NotPlain):
        return Text.of(file.read_bytes()).text
    return None


def _other_file(change: Change, file: Path, content: bytes | None, record: Path) -> None:
    mine = file.read_bytes() if file.is_file() else None
    if mine is None and content is None:
        return
    if mine is not None and content is not None and _same(mine, content):
        return
    was = record.read_bytes() if record.is_file() else None
    if was is not None and content is not None and mine is not None and _same(was, content):
        # The new version has it as the old one had.
        return
    is_yours = mine is not None and not (was is not None and _same(mine, was))
    change.writes.append(Write(file, content, keep=is_yours))


def _same(one: bytes, other: bytes) -> bool:
    return one.replace(b"\r\n", b"\n") == other.replace(b"\r\n", b"\n")


def carry_out(root: Path, found: list[Change]) -> list[Write]:
    """Do all of it, and return what was written, with where the learner's own files are kept.

    Raises:
        OSError: if that cannot be done; every file is as it was then.
    """
    names = [(change.was, change.name) for change in found if change.was]
    for was, name in names:
        _rename(root, was, name)
    try:
        moved = [_moved(root, change, write) for change in found for write in change.writes]
        written = replace_all(moved)
    except OSError:
        for was, name in names:
            _rename(root, name, was)
        raise
    for change in found:
        for path, content in change.record.items():
            _remember(root / RECORD / change.name / path, content)
        _forget(root / RECORD / change.name, set(change.record), f"{change.name[3:]}.py")
    return written


def _rename(root: Path, was: str, name: str) -> None:
    (root / "exercises" / was).rename(root / "exercises" / name)
    with contextlib.suppress(OSError):
        (root / RECORD / was).rename(root / RECORD / name)


def _moved(root: Path, change: Change, write: Write) -> Write:
    if not change.was:
        return write
    inner = write.file.relative_to(root / "exercises" / change.was)
    return replace(write, file=root / "exercises" / change.name / inner)


def _remember(file: Path, content: bytes) -> None:
    """Keep a file as it was laid out; where that cannot be, the next update knows less."""
    with contextlib.suppress(OSError):
        if not file.is_file() or file.read_bytes() != content:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)


def _forget(record: Path, known: set[Path], answer: str) -> None:
    for file in [f for f in record.rglob("*") if f.is_file()]:
        inner = file.relative_to(record)
        if inner not in known and inner.name != answer:
            with contextlib.suppress(OSError):
                file.unlink()
