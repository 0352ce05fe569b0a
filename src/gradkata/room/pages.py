"""The pages: one for whoever teaches, and one for the wall, and what they ask for."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import Annotated, Any

import jinja2
from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse

from gradkata.results import State
from gradkata.room import jobs, live
from gradkata.room.application import Code, Room, refuse_code, room_of, set_hand
from gradkata.room.bodies import HandBody
from gradkata.room.codes import is_same
from gradkata.room.store import reading

_HOURS = 12 * 3600
_MOST_EVENTS = 2000
_KINDS = {"css": "text/css", "js": "text/javascript"}
_HEADERS = {
    # Nothing is loaded from elsewhere, nothing that stands in a page is run, nobody frames it.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}

pages = APIRouter()


def _cookie_of(room: Room) -> str:
    # Two rooms on one machine have ports of their own, and cookies know no ports.
    return f"kata_room_{room.code}"


def _teacher(request: Request) -> Room:
    """Let only those in who came by the address in the teacher's terminal."""
    room = room_of(request)
    if not is_same(request.cookies.get(_cookie_of(room), ""), room.teacher):
        raise HTTPException(403, "this page opens by the address in the teacher's terminal")
    return room


Teacher = Annotated[Room, Depends(_teacher)]


@lru_cache
def _template(name: str) -> jinja2.Template:
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    return environment.from_string(_text(name))


def _text(name: str) -> str:
    return files("gradkata.room").joinpath("web", name).read_text(encoding="utf-8")


def _page(name: str, room: Room) -> HTMLResponse:
    about = {"code": room.code, "tasks": {e: list(of) for e, of in room.standing.tasks.items()}}
    html = _template(name).render(room=room, about=about)
    return HTMLResponse(html, headers=_HEADERS)


def _stream(room: Room, *, is_for_teacher: bool) -> StreamingResponse:
    told = live.events(room.standing, lambda: room.store.problem, is_for_teacher=is_for_teacher)
    return StreamingResponse(told, media_type="text/event-stream", headers=_HEADERS)


@pages.get("/static/{name}", include_in_schema=False)
def static(name: str) -> Response:
    """Give a script or a style."""
    if name not in ("room.css", "room.js", "wall.js", "shared.js"):
        raise HTTPException(404, "there is no such file")
    kind = _KINDS[name.rpartition(".")[2]]
    return Response(_text(name), media_type=kind, headers=_HEADERS)


@pages.get("/t/{code}")
def enter(request: Request, code: Code) -> Response:
    """Let the teacher in, and lead on to where no code stands in the address."""
    room = room_of(request)
    if not is_same(code.upper(), room.teacher):
        raise refuse_code()
    answer = RedirectResponse("/room", 303, headers=_HEADERS)
    answer.set_cookie(
        _cookie_of(room), room.teacher, max_age=_HOURS, httponly=True, samesite="strict"
    )
    return answer


@pages.get("/room")
def teachers_page(room: Teacher) -> HTMLResponse:
    """Show where each learner stands."""
    return _page("room.html", room)


@pages.get("/room/events", include_in_schema=False)
async def teachers_events(room: Teacher) -> StreamingResponse:
    """Tell the teacher's page what changes."""
    return _stream(room, is_for_teacher=True)


@pages.get("/room/learners/{number}")
def over_time(room: Teacher, number: int) -> list[dict[str, Any]]:
    """Return what changed for a learner, and when."""
    if number not in room.standing.learners:
        raise HTTPException(404, "there is no such learner")
    with reading(room.store.file) as connection:
        told = [
            {"at": report.at, "exercise": report.exercise, **vars(said)}
            for report in jobs.reports(connection, number)
            for said in report.tasks
        ]
    return told[-_MOST_EVENTS:]


@pages.get("/room/tasks/{exercise}/{task}")
async def of_task(room: Teacher, exercise: str, task: str) -> dict[str, Any]:
    """Return how the room stands with a task."""
    key = exercise, task
    states = room.standing.states.get(key)
    if states is None:
        raise HTTPException(404, "there is no such task")
    made = room.standing.mistakes[key]
    said = [one.said[key] for one in room.standing.learners.values() if key in one.said]
    return {
        "states": {str(state): states[state] for state in State if states[state]},
        "mistakes": [[m, n] for m, n in made.most_common() if n > 0],
        "hints": sum(one.hints > 0 for one in said),
    }


@pages.post("/room/hands/{number}")
async def move_hand(room: Teacher, number: int, body: HandBody) -> dict[str, bool]:
    """Lower a learner's hand."""
    if number not in room.standing.learners:
        raise HTTPException(404, "there is no such learner")
    await set_hand(room, number, raised=body.raised)
    return {"hand": body.raised}


def _at_wall(request: Request, code: Code) -> Room:
    """Let those in who have the learners' code, or the teacher."""
    room = room_of(request)
    if not is_same(code.upper(), room.code):
        raise refuse_code()
    return room


Wall = Annotated[Room, Depends(_at_wall)]


@pages.get("/wall")
def teachers_wall(room: Teacher) -> Response:
    """Lead to the wall's page."""
    return RedirectResponse(f"/{room.code}", 303, headers=_HEADERS)


@pages.get("/{code}")
@pages.get("/{code}/wall")
def wall(room: Wall) -> HTMLResponse:
    """Show how far the room is, without names."""
    return _page("wall.html", room)


@pages.get("/{code}/events", include_in_schema=False)
async def wall_events(room: Wall) -> StreamingResponse:
    """Tell the wall's page what changes."""
    return _stream(room, is_for_teacher=False)
