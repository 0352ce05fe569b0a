"""What is on the screen: a function of the state, the size of the terminal and the time."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from rich.console import Console, ConsoleDimensions, RenderableType
from rich.rule import Rule

from gradkata.display import SIGNS, as_text, coloured, display_path, faults, row
from gradkata.results import Outcome, Record, State
from gradkata.watch.pages import fault_parts
from gradkata.watch.state import Watched, states_of
from gradkata.watch.update import KEYS

_BAR = "  ".join(f"{key} {word}" for key, (word, _) in KEYS.items())
_JOINT = "\N{NO-BREAK SPACE}"


class View(NamedTuple):
    """The lines of the screen.

    `room` of them are above the keys, and what stands there can be scrolled by `end` lines.
    """

    lines: list[str]
    room: int
    end: int


def view(state: Watched, size: ConsoleDimensions, now: float) -> View:
    """Return what is on a screen of a size at a time, in seconds."""
    console = Console(highlight=False, width=size.width, height=size.height)
    bar = _bar(state, console)
    room = max(1, size.height - len(bar))
    body = _lines(console, _page(state, size.width) or _verdict(state, size.width, now))
    end = max(0, len(body) - room)
    scroll = max(0, min(state.scroll, end))
    seen = body[scroll : scroll + room]
    return View([*seen, *[""] * (room - len(seen)), *bar], room, end)


def _lines(console: Console, parts: Iterable[RenderableType]) -> list[str]:
    with console.capture() as drawn:
        for part in parts:
            console.print(part, overflow="fold")
    return drawn.get().splitlines()


def _bar(state: Watched, console: Console) -> list[str]:
    keys = f"{state.page.keys}  esc back" if state.page else _BAR
    # A key and its word stay together where the line folds.
    joined = "  ".join(entry.strip().replace(" ", _JOINT) for entry in keys.split("  "))
    lines = textwrap.wrap(joined, console.width)
    texts = [as_text(line.replace(_JOINT, " ")) for line in lines]
    return _lines(console, [Rule(style="dim"), *texts])


def _page(state: Watched, width: int) -> list[RenderableType]:
    page = state.page
    return [as_text(page.title, style="bold"), as_text(""), *page.render(width)] if page else []


def _verdict(state: Watched, width: int, now: float) -> Iterator[RenderableType]:
    exercise, states = state.exercise, states_of(state)
    done = list(states.values()).count(State.DONE)
    title = as_text(exercise.name, style="bold")
    yield title.append(f"   {done} of {len(states)} tasks done", style="not bold")
    yield as_text(display_path(exercise.file), style="dim")
    yield as_text("")
    yield coloured(row(states, width=width))
    yield as_text("")
    if state.record is not None:
        yield from _found(state, state.record)
    yield _status(state, now)


def _found(state: Watched, record: Record) -> Iterator[RenderableType]:
    yield from fault_parts(faults(record, record.tasks))
    to_do = next((task for task in record.tasks if task.state == State.TO_DO), None)
    if record.done and state.is_whole:
        yield from _done(state)
    elif to_do is not None and record.outcome == Outcome.OK:
        line = as_text(f"{SIGNS[State.TO_DO]} ", style="yellow")
        yield line.append(f"{to_do.task}   {to_do.place}   to do", style="default")
        if all(task.state == State.TO_DO for task in record.tasks):
            yield as_text("  read the lesson (e), write the body in your editor, and save")
        yield as_text("")


def _done(state: Watched) -> Iterator[RenderableType]:
    exercise, ahead = state.exercise, state.ahead
    gain = state.course.gains.get(exercise.name, "")
    now = f": you can now {gain}" if gain else ""
    yield as_text(f"{SIGNS[State.DONE]} {exercise.name} is done{now}", style="bold green")
    link = as_text(display_path(exercise.solution), style=f"link {exercise.solution.as_uri()}")
    yield as_text("  our solution, for comparison (s): ").append_text(link)
    if ahead.following is not None:
        yield as_text(f"  next: {ahead.following.name}\n")
    elif ahead.all_done:
        tasks = sum(len(e.tasks) for e in state.course.exercises)
        sentence = f"\n{SIGNS[State.DONE]} all {tasks} tasks of the course are done\n"
        yield as_text(sentence, style="bold")


def _status(state: Watched, now: float) -> RenderableType:
    if state.notice:
        return as_text(state.notice, style="yellow")
    if not state.is_judging or state.request is None:
        took = f"judged in {state.record.seconds:.2f} s, " if state.record else ""
        return as_text(f"{took}and again at each save", style="dim")
    waited = now - state.request.at
    if state.ahead.again:
        total = len(state.course.exercises)
        place = total - len(state.ahead.again)
        words = f"all seems done: judging everything again, {place} of {total}"
    elif not state.is_whole:
        words = "judging the others"
    elif state.was_judged:
        words = "judging"
    else:
        words = "importing torch, which takes some seconds, once"
    return as_text(f"{words} …" + (f" {waited:.0f} s" if waited >= 1 else ""), style="dim")
