"""What is on the screen: a function of the state, the size of the terminal and the time."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import PurePath
from typing import NamedTuple

from rich.console import Console, ConsoleDimensions, RenderableType
from rich.rule import Rule

from gradkata.course import Exercise
from gradkata.display import SIGNS, as_text, coloured, display_path, faults, folded, row
from gradkata.results import Outcome, State, TaskRecord
from gradkata.watch.keys import KEYS, MORE_KEYS
from gradkata.watch.pages import Page, fault_parts
from gradkata.watch.state import Watched, states_of, task_at_hand, wrong_tasks

# Where not all words have room in one line.
_SHORTER = {"previous": "back", "lesson": "read", "solution": "ours"}
_JOINT = "\N{NO-BREAK SPACE}"
# With fewer lines or columns there is nothing to read.
_LEAST, _NARROWEST = 4, 20
# What does not fit into fewer lines is shown without what stands around it.
_ROOMY = 14
# Where few keys have room, these are named first.
_MOST_NEEDED = f"{MORE_KEYS}qhnltosepar"


class View(NamedTuple):
    """The lines of the screen.

    `room` of them are above the keys, and what stands there can be scrolled by `end` lines.
    """

    lines: list[str]
    room: int
    end: int


def view(state: Watched, size: ConsoleDimensions, now: float) -> View:
    """Return what is on a screen of a size at a time, in seconds.

    On a small screen the verdict comes first, and what stands around it gives way.
    """
    console = Console(highlight=False, width=size.width, height=size.height)
    status, keys = _lines(console, _status(state, now)), _keys(state, console)
    room = size.height - len(status) - len(keys) - 1
    body = _body(state, console, room)
    is_small = room < _ROOMY and len(body) > room
    if is_small:
        status, keys = _lines(console, _notice(state)), _few_keys(state, console)
        room = size.height - len(status) - len(keys) - 1
        body = _body(state, console, room, is_small=True)
    if room < _LEAST or size.width < _NARROWEST:
        return _too_small(console)
    end = max(0, len(body) - room)
    scroll = max(0, min(state.scroll, end))
    seen = body[scroll : scroll + room]
    words = _progress(state, now, in_few_words=True) if is_small else ""
    rule = _lines(console, [_rule(end - scroll, words, size.width)])
    return View([*seen, *[""] * (room - len(seen)), *status, *rule, *keys], room, end)


def in_plain_lines(state: Watched, now: float, width: int) -> list[str]:
    """Return all that there is to read, for where no screen is drawn."""
    # With a width alone, a terminal that knows little would be taken for 80 columns.
    console = Console(highlight=False, color_system=None, width=width, height=1)
    page = _page(state.page, width) if state.page else _verdict(state, width, in_full=True)
    keys = _keys(state, console) if state.page else []
    return [*_lines(console, page), *_lines(console, _status(state, now)), *keys]


def _too_small(console: Console) -> View:
    width, height = console.size
    words = f"{width} columns and {height} lines are too few; q quits"
    lines = _lines(console, [as_text(words)])[:height]
    return View([*lines, *[""] * (height - len(lines))], height, 0)


def _body(state: Watched, console: Console, room: int, *, is_small: bool = False) -> list[str]:
    """Return the page, or else the verdict: every fault in full only if there is room for all."""
    if state.page:
        return _without_empty_end(_lines(console, _page(state.page, console.width)))
    verdict = _verdict_first if is_small else _verdict
    for in_full in (True, False):
        body = _lines(console, verdict(state, console.width, in_full=in_full))
        body = _without_empty_end(body)
        if len(body) <= room:
            break
    return body


def _without_empty_end(lines: list[str]) -> list[str]:
    while lines and not lines[-1].strip():
        lines.pop()
    return lines


def _rule(below: int, words: str, width: int) -> RenderableType:
    """Return the line above the keys: how much is below, and on a small screen the progress."""
    more = f" {below} more {'line' if below == 1 else 'lines'} below" if below else ""
    if not words:
        return Rule(more.strip(), style="dim", align="right")
    if len(words) + len(more) >= width:
        more = more.replace(" lines", "")
    line = as_text(f"{words} ".ljust(width - len(more), "\N{BOX DRAWINGS LIGHT HORIZONTAL}") + more)
    line.truncate(width, overflow="ellipsis")
    line.stylize("dim")
    return line


def _lines(console: Console, parts: Iterable[RenderableType]) -> list[str]:
    with console.capture() as drawn:
        for part in parts:
            console.print(folded(part, console), overflow="fold")
    return drawn.get().splitlines()


def _keys(state: Watched, console: Console) -> list[str]:
    keys = f"{state.page.keys}  esc back" if state.page else _bar(state, console.width)
    # A key and its word stay together where the line folds.
    entries = [entry.strip().replace(" ", _JOINT) for entry in keys.split("  ")]
    joined = "  ".join(entries) if len(entries) > 1 else keys
    lines = textwrap.wrap(joined, console.width)
    return _lines(console, [as_text(line.replace(_JOINT, " ")) for line in lines])


def _words_of_keys(state: Watched) -> dict[str, str]:
    """Return what each key that does something here is called."""
    words = {key: word for key, (word, *_) in KEYS.items()}
    if State.DONE not in states_of(state).values():
        del words["a"]
    return words


def _few_keys(state: Watched, console: Console) -> list[str]:
    """Return as many keys as have room in one line; `?` names the others."""
    if state.page:
        return _keys(state, console)
    words = _words_of_keys(state) | {MORE_KEYS: "keys"}
    entries = {key: f"{key}:{_SHORTER.get(word, word)}" for key, word in words.items()}
    shown: set[str] = set()
    for key in filter(entries.__contains__, _MOST_NEEDED):
        if len(" ".join(entries[key] for key in {*shown, key})) < console.width:
            shown.add(key)
    return _lines(console, [as_text(" ".join(entries[key] for key in entries if key in shown))])


def _bar(state: Watched, width: int) -> str:
    """Return the keys that do something here, in fewer letters where one line is too short."""
    words = _words_of_keys(state)
    bar = "  ".join(f"{key} {word}" for key, word in words.items())
    # It ends before the last column, for what ends a line may clear that.
    if len(bar) < width:
        return bar
    return " ".join(f"{key}:{_SHORTER.get(word, word)}" for key, word in words.items())


def _page(page: Page, width: int) -> list[RenderableType]:
    return [as_text(page.title, style="bold"), as_text(""), *page.render(width)]


def _verdict_first(state: Watched, width: int, *, in_full: bool) -> Iterator[RenderableType]:
    """Return the verdict, and below it what stands above it elsewhere, the file's name too."""
    yield from _found(state, width, in_full=in_full)
    yield from _where(state, width)


def _verdict(state: Watched, width: int, *, in_full: bool) -> Iterator[RenderableType]:
    yield from _where(state, width)
    yield from _found(state, width, in_full=in_full)


def _where(state: Watched, width: int) -> Iterator[RenderableType]:
    """Return the exercise, its file and the state of each task."""
    exercise, states = state.exercise, states_of(state)
    done = list(states.values()).count(State.DONE)
    title = as_text(exercise.name, style="bold")
    title.append(f"   {done} of {len(states)} tasks done", style="not bold")
    of_others, others = state.others
    whole = f"   {done + of_others} of {len(states) + others} in the course" if others else ""
    yield title.append(whole, style="not bold dim")
    yield as_text(display_path(exercise.file), style="dim")
    yield as_text("")
    yield coloured(row(states, width=width))
    yield as_text("")


def _found(state: Watched, width: int, *, in_full: bool) -> Iterator[RenderableType]:
    if state.record is None:
        return
    at_hand = task_at_hand(state)
    placed = [
        replace(task, place=_place(task, state.exercise, width)) for task in state.record.tasks
    ]
    record = replace(state.record, tasks=placed)
    # The task that was changed stands first.
    tasks = sorted(record.tasks, key=lambda task: task.task != at_hand)
    others = [] if in_full or record.outcome == Outcome.ERROR else tasks[1:]
    yield from fault_parts(faults(record, [task for task in tasks if task not in others]))
    yield from _in_one_line_each(state, others, width)
    to_do = next((task for task in tasks if task.state == State.TO_DO), None)
    if record.done and state.is_whole:
        yield from _done(state)
    elif to_do is not None and record.outcome == Outcome.OK:
        line = as_text(f"{SIGNS[State.TO_DO]} ", style="yellow")
        yield line.append(f"{to_do.task}   {to_do.place}   to do", style="default")
        if all(task.state == State.TO_DO for task in record.tasks):
            yield as_text("  read the lesson (e), write the body in your editor, and save")
        yield as_text("")


def _in_one_line_each(
    state: Watched, tasks: list[TaskRecord], width: int
) -> Iterator[RenderableType]:
    numbers = {task: number for number, task in enumerate(wrong_tasks(state), 1)}
    wrong = [task for task in tasks if task.state == State.WRONG]
    if not wrong:
        return
    yield as_text("wrong too; number or tab shows one:", style="dim")
    for task in wrong:
        number = numbers[task.task]
        begin = f"{number if number < 10 else ' '} {SIGNS[State.WRONG]} {task.task}"
        line = f"{begin}   {_line_of(task)}   {task.lines[0] if task.lines else ''}"
        # Room for what stands for the sign in an encoding that lacks it.
        yield as_text(line if len(line) < width else f"{line[: width - 4]}…", style="red")
    yield as_text("")


def _place(task: TaskRecord, exercise: Exercise, width: int) -> str:
    """Return a task's place, which editors let one click on, or its line if it has no room."""
    title = f"{SIGNS[task.state]} {task.task}   {task.place}   to do"
    is_in_answer = exercise.file.name == PurePath(task.place.rpartition(":")[0]).name
    return _line_of(task) if is_in_answer and len(title) >= width else task.place


def _line_of(task: TaskRecord) -> str:
    """Return the line of a task's place, where the file is named elsewhere."""
    number = task.place.rpartition(":")[2]
    return f"line {number}" if number.isdecimal() else task.place


def _done(state: Watched) -> Iterator[RenderableType]:
    exercise, ahead = state.exercise, state.ahead
    gain = state.course.gains.get(exercise.name, "")
    now = f": you can now {gain}" if gain else ""
    yield as_text(f"{SIGNS[State.DONE]} {exercise.name} is done{now}", style="bold green")
    # A link would open it in what the system has for Python files, which may be Python.
    yield as_text(f"  our solution, for comparison (s): {display_path(exercise.solution)}")
    if ahead.following is not None:
        yield as_text(f"  next: {ahead.following.name}\n")
    elif ahead.all_done:
        tasks = sum(len(e.tasks) for e in state.course.exercises)
        sentence = f"\n{SIGNS[State.DONE]} all {tasks} tasks of the course are done\n"
        yield as_text(sentence, style="bold")


def _notice(state: Watched) -> Iterator[RenderableType]:
    if state.notice:
        yield as_text(state.notice, style="yellow")


def _status(state: Watched, now: float) -> Iterator[RenderableType]:
    yield from _notice(state)
    yield as_text(_progress(state, now), style="dim")


def _progress(state: Watched, now: float, *, in_few_words: bool = False) -> str:
    if not state.is_judging or state.request is None:
        if state.record is None:
            return "judged at each save"
        at = f" at {state.judged_at}" if state.judged_at else ""
        if in_few_words:
            return f"judged{at}"
        return f"judged in {state.record.seconds:.2f} s{at}, and again at each save"
    waited = now - state.request.at
    if state.ahead.again:
        total = len(state.course.exercises)
        number = total - len(state.ahead.again)
        words = f"all seems done: judging everything again, {number} of {total}"
    elif not state.is_whole:
        words = "judging the others"
    elif state.was_judged:
        words = "judging"
    else:
        words = "importing torch" + ", which takes some seconds, once" * (not in_few_words)
    return f"{words} …" + (f" {waited:.0f} s" if waited >= 1 else "")
