"""The room's web application: what learners send, stored before it is acknowledged."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Header, HTTPException, Request
from fastapi import Path as InPath
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException as AnyHTTPException

from gradkata import course
from gradkata.course import Exercise
from gradkata.room import jobs
from gradkata.room.bodies import HandBody, JoinBody, ReportBody
from gradkata.room.codes import digest, is_same, new_secret
from gradkata.room.limits import Limited
from gradkata.room.names import clean
from gradkata.room.sentences import known
from gradkata.room.standing import Learner, Standing
from gradkata.room.store import CannotStore, Store

MOST_LEARNERS = 2000
_OLDEST = 7 * 24 * 3600.0

Secret = Annotated[str, Header(alias="Authorization", max_length=200)]
Code = Annotated[str, InPath(max_length=40)]


class Room:
    """The course, the record and where all stand: what each request has to do with.

    Args:
        root: of the course.
        store: the record.
        here: where others reach it.
    """

    def __init__(self, root: Path, store: Store, here: str) -> None:
        self.here = here
        self.exercises: dict[str, Exercise] = {e.name: e for e in course.exercises(root)}
        self.store = store
        self.standing = Standing({name: e.tasks for name, e in self.exercises.items()})
        self.secrets: dict[str, int] = {}
        self._sentences: dict[tuple[str, str], frozenset[str]] = {}
        self._read()

    def _read(self) -> None:
        for number, name, secret, joined in jobs.learners(self.store.connection):
            self.secrets[secret] = number
            self.standing.join(number, name, joined)
        for report in jobs.reports(self.store.connection):
            if report.exercise in self.exercises:
                self.standing.take(report)
        for number, at in jobs.hands(self.store.connection).items():
            self.standing.raise_hand(number, at)

    @property
    def name(self) -> str:
        """What the room is called."""
        return str(self.store.settings["name"])

    @property
    def code(self) -> str:
        """By which learners come in."""
        return str(self.store.settings["code"])

    @property
    def teacher(self) -> str:
        """By which the teacher's page opens."""
        return str(self.store.settings["teacher"])

    @property
    def address(self) -> str:
        """What learners type."""
        return f"{self.here}/{self.code}"

    def learner_of(self, authorization: str) -> Learner | None:
        """Return whose secret a header has."""
        kind, _, secret = authorization.partition(" ")
        number = self.secrets.get(digest(secret)) if kind.lower() == "bearer" else None
        return None if number is None else self.standing.learners[number]

    def says(self, exercise: str, task: str, mistake: str) -> str:
        """Return a sentence if it is the course's own; nothing else is shown to a room."""
        return mistake if mistake and mistake in self._known(exercise, task) else ""

    def read_sentences(self) -> None:
        """Read what the tests say of mistakes, so that no report waits for it."""
        for exercise, task in self.standing.states:
            self._known(exercise, task)

    def _known(self, exercise: str, task: str) -> frozenset[str]:
        key = exercise, task
        if key not in self._sentences:
            self._sentences[key] = known(self.exercises[exercise], task)
        return self._sentences[key]


def application(room: Room) -> FastAPI:
    """Return the application of a room."""
    # Its own pages of documentation would be loaded from elsewhere.
    app = FastAPI(title="gradkata room", docs_url=None, redoc_url=None)
    app.state.room = room
    app.include_router(learners)
    app.add_middleware(Limited)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(AnyHTTPException, _refused)
    app.add_exception_handler(CannotStore, _not_stored)
    return app


async def _invalid(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        return JSONResponse({"detail": "the body is no JSON"}, 422)
    # A name that was sent may be anything, half of a character too.
    place = ".".join(map(str, first["loc"][1:]))[:80].encode("ascii", "replace").decode()
    return JSONResponse({"detail": f"{place}: {first['msg']}".removeprefix(": ")}, 422)


async def _refused(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, AnyHTTPException)
    return JSONResponse({"detail": error.detail}, error.status_code, error.headers)


async def _not_stored(_request: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"detail": str(error)}, 503, {"Retry-After": "2"})


learners = APIRouter()


def room_of(request: Request) -> Room:
    """Return the room that a request is about."""
    room = request.app.state.room
    assert isinstance(room, Room)
    return room


def refuse_code() -> HTTPException:
    """Return what is said to a code that opens nothing."""
    return HTTPException(404, "no room has this code: the address is on the teacher's screen")


def _known_learner(request: Request, authorization: str) -> Learner:
    learner = room_of(request).learner_of(authorization)
    if learner is None:
        raise HTTPException(401, "this room does not know you: kata join ADDRESS enters it")
    return learner


@learners.get("/api/hello")
async def hello(request: Request) -> dict[str, str]:
    """Say which room this is."""
    return {"room": room_of(request).name}


@learners.post("/api/join/{code}")
async def join(
    request: Request, code: Code, body: JoinBody, authorization: Secret = ""
) -> dict[str, Any]:
    """Let a learner in, or call one who is in by another name; only here their secret is told."""
    room = room_of(request)
    if not is_same(code.upper(), room.code):
        raise refuse_code()
    name = clean(body.name)
    if not name:
        raise HTTPException(422, "a name has at least one letter")
    if known_already := room.learner_of(authorization):
        number = known_already.number
        await room.store.run(lambda connection: jobs.rename(connection, number, name))
        learner = room.standing.join(number, name, known_already.joined)
        return {"room": room.name, "name": learner.shown, "secret": ""}
    if len(room.standing.learners) >= MOST_LEARNERS:
        raise HTTPException(409, f"the room is full: {MOST_LEARNERS} have joined")
    secret, now = new_secret(), time.time()
    number = await room.store.run(lambda c: jobs.join(c, name, digest(secret), now))
    room.secrets[digest(secret)] = number
    learner = room.standing.join(number, name, now)
    return {"room": room.name, "name": learner.shown, "secret": secret}


@learners.post("/api/report")
async def report(request: Request, body: ReportBody, authorization: Secret = "") -> dict[str, Any]:
    """Store a verdict."""
    room, learner = room_of(request), _known_learner(request, authorization)
    exercise = room.exercises.get(body.exercise)
    if exercise is None:
        raise HTTPException(422, "this room's course has no such exercise")
    if any(task.task not in exercise.tasks for task in body.tasks):
        raise HTTPException(422, "this room's course has no such task in the exercise")
    received = time.time()
    said = {
        task.task: jobs.Said(
            task.task,
            task.state,
            room.says(body.exercise, task.task, task.mistake),
            task.hints,
        )
        for task in body.tasks
    }
    at = received - min(max(0.0, body.now - body.at), _OLDEST)
    told = jobs.Report(learner.number, body.id, body.exercise, at, list(said.values()))
    changed = await room.store.run(lambda connection: jobs.add(connection, told, received))
    room.standing.take(jobs.Report(learner.number, body.id, body.exercise, at, changed))
    return {"stored": True, "hand": learner.hand is not None}


@learners.post("/api/hand")
async def hand(request: Request, body: HandBody, authorization: Secret = "") -> dict[str, bool]:
    """Raise a learner's hand, or lower it."""
    room, learner = room_of(request), _known_learner(request, authorization)
    await set_hand(room, learner.number, raised=body.raised)
    return {"hand": body.raised}


async def set_hand(room: Room, number: int, *, raised: bool) -> None:
    """Store that a learner wants help, or does no longer, and show it."""
    now = time.time()
    await room.store.run(lambda c: jobs.raise_hand(c, number, now, raised=raised))
    room.standing.raise_hand(number, now if raised else None)
