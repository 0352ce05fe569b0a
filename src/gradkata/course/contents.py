"""Write the table of exercises in the course's README from what the exercises say of themselves.

`python -m gradkata.course.contents` writes it; with `--check` it only tells what is wrong.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from gradkata.course import Exercise, about, exercises, find_root

_HEAD = (
    "| exercise | afterwards you can | tasks | minutes | builds on |",
    "| --- | --- | --- | --- | --- |",
)


_ROUTES_HEAD = ("| route | exercises | tasks | hours |", "| --- | --- | --- | --- |")


@dataclass(frozen=True)
class Route:
    """A way through the course: some exercises, in order."""

    title: str
    exercises: tuple[Exercise, ...]

    @property
    def numbers(self) -> str:
        """The numbers of its exercises; three or more that follow one another as `01 to 10`."""
        numbers = [int(exercise.number) for exercise in self.exercises]
        runs: list[list[int]] = []
        for number in numbers:
            if runs and number == runs[-1][-1] + 1:
                runs[-1].append(number)
            else:
                runs.append([number])
        texts = [
            f"{run[0]:02} to {run[-1]:02}" if len(run) > 2 else ", ".join(f"{n:02}" for n in run)
            for run in runs
        ]
        return ", ".join(texts)

    @property
    def tasks(self) -> int:
        """How many tasks it has."""
        return sum(len(exercise.tasks) for exercise in self.exercises)

    @property
    def hours(self) -> int:
        """How many hours it takes, to the nearest one."""
        return round(sum(exercise.about.minutes for exercise in self.exercises) / 60)


def routes(course: Sequence[Exercise]) -> list[Route]:
    """Return the routes through a course that its exercises name, and the whole of it."""
    found = {
        title: tuple(exercise for exercise in course if name in exercise.about.routes)
        for name, title in about.ROUTES.items()
    }
    named = [Route(title, exercises) for title, exercises in found.items() if exercises]
    return [*named, Route("the whole course", tuple(course))]


def table(course: Sequence[Exercise]) -> list[str]:
    """Return the lines of the table, and those of the table of routes if there are any."""
    found = routes(course)
    lines = [*_HEAD, *map(_row, course)]
    if len(found) == 1:
        return lines
    cells = [[r.title, r.numbers, r.tasks, r.hours] for r in found]
    return [*lines, "", *_ROUTES_HEAD, *(f"| {' | '.join(map(str, row))} |" for row in cells)]


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
    while end < len(old) and (
        old[end].startswith("|") or old[end + 1 : end + 2] == [_ROUTES_HEAD[0]]
    ):
        end += 1
    return "\n".join([*old[:start], *lines, *old[end:]])


def faults(course: Sequence[Exercise]) -> Iterator[str]:
    """Yield a line for each `exercise.toml` that does not say what it should."""
    earlier: dict[str, tuple[str, ...]] = {}
    for exercise in course:
        on: tuple[str, ...] = ()
        try:
            said = about.read(exercise.folder / about.FILE)
        except about.Unreadable as unreadable:
            yield f"{exercise.name}/{about.FILE}: {unreadable}"
        else:
            needed, on = said.builds_on, said.routes
            yield from (
                f"{exercise.name}/{about.FILE}: no exercise {number} comes before it"
                for number in needed
                if number not in earlier
            )
            yield from (
                f"{exercise.name}/{about.FILE}: {number}, on which it builds, is not on the route "
                f"{route}"
                for route in on
                for number in needed
                if number in earlier and route not in earlier[number]
            )
        earlier[exercise.number] = on


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
