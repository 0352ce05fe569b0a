"""The commands `kata room`, `kata join` and `kata leave`."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gradkata import course
from gradkata.cli.asked import fail, root_here
from gradkata.cli.printing import show
from gradkata.display import display_path

if TYPE_CHECKING:
    from gradkata.room.sender import Sender

_NEEDED = ("fastapi", "uvicorn", "jinja2")
INSTALL = "kata room needs more than a learner does: python -m pip install 'gradkata[workshop]'"


def sender_here(root: Path) -> Sender | None:
    """Return what reports to the room that was joined; None, and nothing imported, without one."""
    if not (root / ".gradkata" / "room" / "member.json").exists():
        return None
    from gradkata.room import member
    from gradkata.room.sender import Sender

    joined = member.read(root)
    return Sender(root, joined) if joined else None


def room(
    host: Annotated[
        str, typer.Option(help="By which address others reach it; 0.0.0.0: by any of them.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: one that is free.")] = 8750,
    name: Annotated[str, typer.Option(help="What it is called.", show_default=False)] = "",
    to: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Where its room.db lies; else .gradkata."),
    ] = None,
    export: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="Write what was reported into FILE.csv or .json, or a chart over time into "
            "FILE.svg, and open no room.",
        ),
    ] = None,
) -> None:
    """Show where a workshop stands, live: those who teach get a page, learners join."""
    if export:
        _export((to or root_here() / ".gradkata") / "room.db", export)
        return
    if any(importlib.util.find_spec(needed) is None for needed in _NEEDED):
        fail(INSTALL)
    root = root_here()
    from gradkata.room import serve
    from gradkata.room.names import clean

    file = (to or root / ".gradkata") / "room.db"
    try:
        serve.serve(root, file, host=host, port=port, name=clean(name))
    except serve.CannotServe as reason:
        fail(str(reason))


def _export(database: Path, targets: list[Path]) -> None:
    from gradkata.room.export import KINDS, CannotExport
    from gradkata.room.export import export as write

    for target in targets:
        if target.suffix not in KINDS:
            fail(f"--export {target}: a file ends in one of {', '.join(KINDS)}")
    tasks = {exercise.name: exercise.tasks for exercise in course.exercises(root_here())}
    for target in targets:
        try:
            write(database, target, tasks)
        except CannotExport as reason:
            fail(str(reason))
        show(display_path(target))


def join(
    address: Annotated[
        str, typer.Argument(metavar="ADDRESS", help="As the teacher shows it.", show_default=False)
    ],
    as_: Annotated[
        str,
        typer.Option("--as", metavar="NAME", help="Who you are; else two words are made up."),
    ] = "",
) -> None:
    """Enter a room: from then on kata and kata check report each verdict to it."""
    root = root_here()
    from gradkata.room import calls, member
    from gradkata.room.reports import SENT

    try:
        where = member.Address.from_text(address)
    except member.NoAddress as reason:
        fail(str(reason))
    before = member.read(root)
    secret = before.secret if before and before.address == where else ""
    wanted = as_.strip() or (before.name if before and secret else member.two_words())
    try:
        said = calls.call(where, f"/api/join/{where.code}", {"name": wanted}, secret=secret)
    except calls.NoRoom as reason:
        fail(f"no room at {address}: {reason}")
    if said.status != 200:
        fail(f"no room at {address}: {said.reason or said.status}")
    content = {key: str(said.content.get(key, ""))[:200] for key in ("room", "name", "secret")}
    if not (content["secret"] or secret):
        fail(f"no room at {address}: what answers there is no room")
    if before and not secret:
        member.forget(root)
    joined = member.Member(where, content["name"], content["secret"] or secret, content["room"])
    member.write(root, joined)
    show(f"you are in {joined.room} as {joined.name}; kata leave ends it")
    show("w in kata shows there that you want help; a kata that runs is to be started again")
    show(f"each verdict of kata and kata check is sent: {SENT}")


def leave() -> None:
    """Leave the room: nothing is sent any more."""
    root = root_here()
    from gradkata.room import member

    show("you have left the room" if member.forget(root) else "you are in no room")
