"""Write the table of exercises in the course's README from what the exercises say of themselves.

`python -m gradkata.course.contents` writes it; with `--check` it only tells what is wrong.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from gradkata.course import Exercise, about, exercises, find_root

_HEAD = (
    "| exercise | afterwards you can | tasks | minutes | builds on |",
    "| --- | --- | --- | --- | --- |",
)


def table(course: Sequence[Exercise]) -> list[str]:
    """Return the lines of the table."""
    return [*_HEAD, *map(_row, course)]


def _row(exercise: Exercise) -> str:
    said = exercise.about
    link = f"[{exercise.name}](exercises/{exercise.name}/README.md)"
    cells = [link, said.gain, len(exercise.tasks), said.minutes, ", ".join(said.builds_on)]
    return f"| {' | '.join(map(str, cells))} |"


def with_table(page: str, lines: Sequence[str]) -> str:
    """Return a page with these lines in place of its table of exercises.

    Raises:
        ValueError: if it has none.
    """
    old = page.split("\n")
    if _HEAD[0] not in old:
        raise ValueError(f"it has no table that begins {_HEAD[0]}")
    start = end = old.index(_HEAD[0])
    while end < len(old) and old[end].startswith("|"):
        end += 1
    return "\n".join([*old[:start], *lines, *old[end:]])


def faults(course: Sequence[Exercise]) -> Iterator[str]:
    """Yield a line for each `exercise.toml` that does not say what it should."""
    earlier: set[str] = set()
    for exercise in course:
        try:
            needed = about.read(exercise.folder / about.FILE).builds_on
        except about.Unreadable as unreadable:
            yield f"{exercise.name}/{about.FILE}: {unreadable}"
        else:
            yield from (
                f"{exercise.name}/{about.FILE}: no exercise {number} comes before it"
                for number in needed
                if number not in earlier
            )
        earlier.add(exercise.number)


def brought_in_step(page: Path, course: Sequence[Exercise], *, write: bool) -> str:
    """Write the table if it is out of step and `write` is set; return what is still wrong."""
    now = page.read_text(encoding="utf-8") if page.is_file() else ""
    try:
        due = with_table(now, table(course))
    except ValueError as error:
        return f"{page.name}: {error}"
    if now == due:
        return ""
    if not write:
        return f"{page.name}: out of step; python -m gradkata.course.contents writes its table"
    page.write_text(due, encoding="utf-8", newline="\n")
    return ""


def main(arguments: Sequence[str]) -> int:
    """Write or check the table of the course around the working directory."""
    root = find_root(Path.cwd())
    if root is None:
        print("no course here: run it where the folder exercises is", file=sys.stderr)  # noqa: T201
        return 2
    course, write = exercises(root), "--check" not in arguments
    found = list(faults(course)) or [brought_in_step(root / "README.md", course, write=write)]
    print("\n".join(filter(None, found)) or "the table of exercises is in step")  # noqa: T201
    return 1 if any(found) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
