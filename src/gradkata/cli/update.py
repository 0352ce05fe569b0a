"""`kata update`: a newer version of the course, with the learner's answers put into it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gradkata import course
from gradkata.cli.asked import fail, root_here
from gradkata.cli.printing import show
from gradkata.course import laid_out
from gradkata.display import display_path

if TYPE_CHECKING:
    from gradkata.course.newer import Change
    from gradkata.course.replacing import Write

Source = Annotated[
    Path | None,
    typer.Option("--from", metavar="DIR", help="The new version; else the one installed."),
]
Dry = Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")]


def update(source: Source = None, dry_run: Dry = False) -> None:
    """Bring the course to the new version and put your answers into it; nothing is lost."""
    # Not before now: no other command needs what this one does.
    from gradkata.course import newer

    root = root_here()
    if source is None and not laid_out.version_of(root) and (root / "solutions").is_dir():
        _in_a_clone(root, dry_run=dry_run)
        return
    new = source or laid_out.inside()
    if new is None or not course.exercises(new):
        fail(f"no course in {source}" if source else "no new version here: name it by --from DIR")
    if new.resolve() == root.resolve():
        fail("that is this course itself: name the new version's folder by --from DIR")
    found = [change for change in newer.changes(root, new) if newer.is_news(change)]
    written = {} if dry_run else _by_file(newer.carry_out(root, newer.changes(root, new)))
    if not dry_run:
        laid_out.note_version(new, root)
    for change in found:
        _show(root, change, written)
    is_done = any(change.writes or change.was for change in found)
    if is_done or not found:
        _show_end(is_done, dry_run=dry_run)


def _by_file(writes: list[Write]) -> dict[Path, Write]:
    return {write.file: write for write in writes}


def _show(root: Path, change: Change, written: dict[Path, Write]) -> None:
    from gradkata.course import replacing

    if change.is_new:
        show(f"{change.name}   new")
        return
    was = f" (it was {change.was})" if change.was else ""
    brought = _brought(change)
    show(f"{change.name}{was}{f'   {brought}' if brought else ''}")
    for note in change.notes:
        show(f"    {note}")
    folder = root / "exercises" / (change.was or change.name)
    for write in change.writes:
        if write.keep:
            target = root / "exercises" / change.name / write.file.relative_to(folder)
            done = written.get(target)
            kept = done.kept if done else replacing.next_kept(write.file)
            show(f"    {_what(write, change)} as it was: {display_path(kept)}")


def _what(write: Write, change: Change) -> str:
    return "your file" if write.file.stem == change.name[3:] else f"your {write.file.name}"


def _brought(change: Change) -> str:
    """Return which kinds of files are others, in a few words."""
    kinds = {"README.md": "lesson", "hints.md": "hints", f"{change.name[3:]}.py": "stub"}
    names = {
        "tests" if write.file.parent.name == "tests" else kinds.get(write.file.name, "other files")
        for write in change.writes
    }
    order = ["stub", "lesson", "tests", "hints", "other files"]
    return f"new: {', '.join(name for name in order if name in names)}" if names else ""


def _show_end(any_change: bool, *, dry_run: bool) -> None:
    if not any_change:
        show("nothing to update: the course here is the new version already")
    elif dry_run:
        show("\nnothing is done yet; kata update does it")
    else:
        show("\nthe course is up to date; kata list shows where you stand")


def _in_a_clone(root: Path, *, dry_run: bool) -> None:
    """Solve the conflicts of a `git pull`; say how a new version comes where there is none."""
    from gradkata.course import conflicts, replacing

    open_ones = [e for e in course.exercises(root) if conflicts.has_conflict(e)]
    others = conflicts.others(root)
    if not open_ones and not others:
        show("this course is a clone, so git brings new versions:")
        show('    git add exercises\n    git commit -m "My answers"\n    git pull')
        show("where git reports a conflict in an answer, kata update puts yours into the new file")
        return
    solved = [conflicts.resolve(exercise) for exercise in open_ones]
    writes = [*(one.write for one in solved if one.write), *others]
    written = {} if dry_run else _by_file(replacing.replace_all(writes))
    for one in solved:
        file = one.exercise.file
        does = "would be solved" if dry_run else "solved"
        show(f"{one.exercise.name}   {f'conflict {does}' if one.write else 'conflict'}")
        for note in one.notes:
            show(f"    {note}")
        if one.write:
            kept = written[file].kept if file in written else replacing.next_kept(file)
            show(f"    your file as it was, with both sides: {display_path(kept)}")
    for other in others:
        kept = (
            written[other.file].kept if other.file in written else replacing.next_kept(other.file)
        )
        does = "becomes" if dry_run else "is"
        show(f"{display_path(other.file)} {does} the new version's")
        show(f"    your file as it was, with both sides: {display_path(kept)}")
    if dry_run:
        _show_end(True, dry_run=True)
    elif all(one.write for one in solved):
        show("\nread it, and then:")
        show("\n".join(f"    {line}" for line in conflicts.next_commands(root)))
