"""A learner's file in which git left both sides of a conflict, and which of them is whose."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

from gradkata.course import Exercise, exercises, merging, stubs
from gradkata.course.newer import Text
from gradkata.course.pieces import NotPlain
from gradkata.course.replacing import Write

_HUNK = re.compile(
    r"^<<<<<<<[^\n]*\n(?P<first>.*?)(?:^\|\|\|\|\|\|\|[^\n]*\n(?P<base>.*?))?"
    r"^=======\n(?P<second>.*?)^>>>>>>>[^\n]*\n?",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Resolved:
    """What a file with a conflict becomes; nothing if it is not known whose the sides are."""

    exercise: Exercise
    write: Write | None
    notes: list[str]


def has_conflict(exercise: Exercise) -> bool:
    """Tell whether git left both sides in the learner's file."""
    try:
        return bool(_HUNK.search(Text.of(exercise.file.read_bytes()).text))
    except (OSError, NotPlain):
        return False


def resolve(exercise: Exercise) -> Resolved:
    """Work out the new version's file with the learner's answers in it."""
    content = exercise.file.read_bytes()
    file = Text.of(content)
    if b"\r\n" in content:
        # Git may have mixed the learner's ends of lines with ours.
        file = replace(file, end="\r\n")
    try:
        ours = _sides(exercise.root).get(exercise.solution) or exercise.solution.read_bytes()
        stub = stubs.derive(ours.decode())
    except (SyntaxError, ValueError):
        path = exercise.solution.relative_to(exercise.root).as_posix()
        sentence = f"our solution cannot be parsed: git checkout HEAD {path}, and kata update again"
        return Resolved(exercise, None, [sentence])
    stages = _stages(exercise)
    mine = _yours_by_git(file.text, stub, stages) or _yours_by_marks(file.text, stub)
    if mine is None:
        sentence = "both sides of a conflict are other than the new stub; it stays for you to solve"
        return Resolved(exercise, None, [sentence])
    try:
        merged = merging.merge(stages.get(1), stub, mine)
        content = file.with_text(merged.text)
    except NotPlain:
        return Resolved(exercise, None, ["it cannot be taken apart and stays as it is"])
    return Resolved(exercise, Write(exercise.file, content, keep=True), merged.notes)


def _yours_by_git(text: str, stub: str, stages: dict[int, str]) -> str | None:
    """Return the learner's side as git has it, if nothing was written into the file since."""
    sides = [stages[number] for number in (2, 3) if number in stages]
    known = {line for side in stages.values() for line in side.split("\n")}
    left = _HUNK.sub(lambda hunk: "".join(filter(None, hunk.groups())), text)
    if len(sides) != 2 or stub not in sides or not set(left.split("\n")) <= known:
        return None
    return sides[0] if sides[1] == stub else sides[1]


def _yours_by_marks(text: str, stub: str) -> str | None:
    """Return the file with the learner's side of each conflict, if the other is the stub's."""
    lines = set(stub.split("\n"))
    hunks = list(_HUNK.finditer(text))
    theirs = {
        side: all(set((hunk[side]).split("\n")) <= lines | {""} for hunk in hunks)
        for side in ("first", "second")
    }
    if theirs["first"] == theirs["second"]:
        return None
    yours = "second" if theirs["first"] else "first"
    return _HUNK.sub(lambda hunk: hunk[yours], text)


def _stages(exercise: Exercise) -> dict[int, str]:
    """Return the file's versions in git's index: 1 the one before both, 2 and 3 the sides."""
    path = exercise.file.relative_to(exercise.root).as_posix()
    found = {}
    for entry in _git(exercise.root, "ls-files", "-u", "-z", "--", path).split(b"\0"):
        if entry:
            _, blob, stage = entry.partition(b"\t")[0].split(b" ")
            content = _git(exercise.root, "cat-file", "blob", blob.decode())
            try:
                found[int(stage)] = Text.of(content).text
            except NotPlain:
                continue
    return found


def others(root: Path) -> list[Write]:
    """Return what the lessons, hints, tests and solutions in a conflict become: the new version's.

    As they were, with both sides, they are kept.
    """
    answers = {exercise.file for exercise in exercises(root)}
    return [
        Write(file, content, keep=True)
        for file, content in _sides(root).items()
        if file not in answers and file.is_file()
    ]


def _sides(root: Path) -> dict[Path, bytes]:
    """Return the new version of each file in a conflict, as git has it."""
    new = b"3" if (_git_folder(root) / "MERGE_HEAD").exists() else b"2"
    found = {}
    for entry in _git(root, "ls-files", "-u", "-z", "--", "exercises", "solutions").split(b"\0"):
        said, _, path = entry.partition(b"\t")
        if entry and said.endswith(b" " + new):
            blob = said.split(b" ")[1].decode()
            found[root / path.decode()] = _git(root, "cat-file", "blob", blob)
    return found


def _git_folder(root: Path) -> Path:
    return Path(_git(root, "rev-parse", "--absolute-git-dir").decode().strip() or ".git")


def next_commands(root: Path) -> list[str]:
    """Return what to type once no file has a conflict any more."""
    folder = _git_folder(root)
    places = {file.relative_to(root).parts[0] for file in _sides(root)} | {"exercises"}
    add = f"git add {' '.join(sorted(places))}"
    if (folder / "rebase-merge").exists() or (folder / "rebase-apply").exists():
        return [add, "git -c core.editor=true rebase --continue"]
    if (folder / "MERGE_HEAD").exists():
        return [add, "git commit --no-edit"]
    return [add]


def _git(root: Path, *arguments: str) -> bytes:
    try:
        done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, check=False)
    except OSError:
        return b""
    return done.stdout if done.returncode == 0 else b""
