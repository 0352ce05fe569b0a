"""`kata init`: lay the course out in a folder, where the package was installed without a clone."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gradkata import course
from gradkata.cli.asked import fail
from gradkata.cli.printing import quoted, show
from gradkata.course import laid_out
from gradkata.display import display_path, reason_of

Where = Annotated[Path, typer.Argument(metavar="[DIR]", help="Where to; a new folder is made.")]


def init(folder: Where = Path("gradkata-course")) -> None:
    """Lay the course out in a folder; nothing that is there is touched."""
    source = laid_out.inside()
    if source is None:
        root = course.find_root(Path(__file__))
        fail(f"this gradkata runs from a clone, where the course is already: {root}")
    name = display_path(folder)
    if course.is_root(folder):
        fail(f"{name} holds a course already; there, kata update brings it to this version")
    if outer := laid_out.around(folder):
        fail(f"{name} would lie in the course {outer}: name a folder outside of it, kata init DIR")
    if folder.exists() and not folder.is_dir():
        fail(f"{name} is a file; name a folder")
    if found := laid_out.in_the_way(folder):
        fail(f"{display_path(found[0])} is in the way: name another folder, kata init DIR")
    try:
        exercises = laid_out.lay_out(source, folder)
    except OSError as error:
        fail(f"nothing is laid out; {reason_of(error)}")
    tasks = sum(len(exercise.tasks) for exercise in exercises)
    show(f"{len(exercises)} exercises with {tasks} tasks are in {name}; type")
    if folder.resolve() != Path.cwd().resolve():
        show(f"    cd {quoted(folder)}")
    show("    kata")
