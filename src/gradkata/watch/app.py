"""`kata`: judge the exercise at hand each time its file is saved, and show what was found."""

from __future__ import annotations

import contextlib
import functools
import os
import queue
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console, ConsoleDimensions, RenderableType
from rich.markdown import Markdown
from rich.padding import Padding
from rich.rule import Rule

from gradkata import course
from gradkata.cli.check import remember
from gradkata.course import Exercise, progress, workbook
from gradkata.display import SIGNS, as_text, coloured, display_path, faults, row
from gradkata.judging.runner import drop_all
from gradkata.results import Outcome, Record, State, TaskRecord
from gradkata.watch import terminal
from gradkata.watch.events import Event, FirstJudged, Judged
from gradkata.watch.judge_thread import Judging

# The file is looked at so often where the system does not tell of a save: seconds.
LOOK = 1.0
# A judgement that takes longer is announced: seconds.
SOON = 0.2
# Several events within so many milliseconds are one save.
_STEP = 10
_KEYS = {
    "n": "next",
    "p": "previous",
    "l": "list",
    "h": "hint",
    "e": "lesson",
    "s": "solution",
    "r": "reset",
    "q": "quit",
}


_BAR = "  ".join(f"{key} {word}" for key, word in _KEYS.items())
_JOINT = "\N{NO-BREAK SPACE}"


@dataclass
class Page:
    """Something to read in place of the verdict, or to choose from.

    Args:
        title: what it is.
        body: what stands there; it is asked again each time the page is drawn.
        keys: what the keys do here, beside leaving.
        on_key: what else a key does; True if it has done something.
    """

    title: str
    body: Callable[[], list[RenderableType]]
    keys: str = ""
    on_key: Callable[[str], bool] = lambda _: False


class Watch:
    """The screen, the exercise at hand, and what is known of it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.exercises = course.exercises(root)
        self.exercise = workbook.first_unfinished(self.exercises) or self.exercises[0]
        self.console = Console(highlight=False)
        self.events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self.judging = Judging(root, self._tell)
        self.record: Record | None = None
        self.record_is_whole = True
        # The learner's file as it was when it was last looked at.
        self.text = ""
        self.asked = 0
        # What was asked for last: of which files, and when.
        self.fingerprint = ""
        self.asked_at = 0.0
        # The files of the exercise at hand, as they were when it was last asked for.
        self.seen = ""
        self.was_judged = False
        self.undrawn = False
        self.following: Exercise | None = None
        # What is still to be judged again before all is said to be done.
        self.again: list[Exercise] = []
        self.everything_is_done = False
        self.page: Page | None = None
        self.scroll = 0
        self.notice = ""

    def run(self) -> None:
        """Watch until the learner quits."""
        changed = threading.Event()
        files = threading.Thread(target=self._watch_files, args=(changed,), daemon=True)
        keys = threading.Thread(target=self._read_keys, daemon=True)
        try:
            with terminal.screen(lambda: self.events.put(Event("drawn over"))):
                self._open(self.exercise)
                self._draw()
                for thread in (self.judging, files, keys):
                    thread.start()
                self._take_events()
        finally:
            changed.set()
            drop_all()

    def _take_events(self) -> None:
        while True:
            try:
                event = self.events.get(timeout=SOON if self.undrawn else LOOK)
            except queue.Empty:
                event = Event("look")
            if event.kind == "ended" or (event == Event("key", "q") and self.page is None):
                return
            if self._take(event):
                self._draw()
            if isinstance(event.what, Judged):
                self.judging.shown.set()
                if self._follow_up(event.what):
                    self._draw()

    def _tell(self, found: Judged | FirstJudged) -> None:
        kind = "judged" if isinstance(found, Judged) else "first judged"
        self.events.put(Event(kind, found))

    # What may happen; each of these tells whether the screen is another then

    def _take(self, event: Event) -> bool:
        if event.kind == "key":
            return self._take_key(str(event.what))
        if isinstance(event.what, Judged):
            return self._take_record(event.what.number, event.what.record)
        if isinstance(event.what, FirstJudged):
            return self._take_first(event.what.number, event.what.tasks)
        if event.kind == "saved":
            # Nothing is drawn yet: mostly the verdict comes before one could read that it is due.
            self.undrawn |= self._look(saved=True)
            return bool(self.notice)
        if event.kind == "look":
            # Not every system tells by a signal that the terminal has another size.
            return self._look(saved=False) or self._is_judging or _size() != self.size
        return True

    def _look(self, *, saved: bool) -> bool:
        """Judge again if the file or its tests are not what was judged."""
        now = progress.fingerprint(self.exercise)
        # Several events may tell of one save; saving the same again is a wish to see it judged.
        again = saved and time.monotonic() - self.asked_at > 0.3
        if now == self.seen and not again:
            return False
        if now.split()[1] != self.seen.split()[1] and not self._read_the_course_again():
            self.seen = now
            return True
        self.again, self.everything_is_done = [], False
        self._judge(self.exercise, self._first_tasks())
        return True

    def _read_the_course_again(self) -> bool:
        """Take in that tests have changed; False if they cannot be read."""
        anew = course.exercises(self.root)
        try:
            exercise = next(e for e in anew if e == self.exercise)
            there = any(exercise.functions.values())
            self.notice = "" if there else f"{display_path(exercise.tests)} has no tests"
        except StopIteration:
            self.notice = f"{self.exercise.name} is gone"
        except SyntaxError as error:
            self.notice = f"{display_path(error.filename)}, line {error.lineno}: {error.msg}"
        if not self.notice:
            self.exercises, self.exercise = anew, exercise
        return not self.notice

    def _judge(self, exercise: Exercise, first: Sequence[str] = ()) -> None:
        self.fingerprint = progress.fingerprint(exercise)
        if exercise == self.exercise:
            self.seen = self.fingerprint
        self.asked_at = time.monotonic()
        self.asked = self.judging.ask(exercise, first)

    def _first_tasks(self) -> list[str]:
        """Return what the learner waits for: the tasks that were changed, or the one at hand."""
        before, self.text = self.text, workbook.text_of(self.exercise)
        at_hand = self._task_at_hand()
        changed = workbook.changed_tasks(self.exercise, before, self.text)
        return changed or ([at_hand] if at_hand else [])

    @property
    def _is_judging(self) -> bool:
        return self.asked > 0

    def _take_record(self, number: int, record: Record) -> bool:
        if number != self.asked:
            return False
        self.asked, self.was_judged = 0, True
        exercise = self._exercise_of(record)
        if exercise == self.exercise or not record.done:
            self.exercise, self.record, self.record_is_whole = exercise, record, True
            self.seen = self.fingerprint
        return True

    def _take_first(self, number: int, tasks: Sequence[TaskRecord]) -> bool:
        """Put what is judged already in place of what was known of it."""
        if number != self.asked:
            return False
        known = {task.task: task for task in self.record.tasks} if self.record else {}
        known |= {task.task: task for task in tasks}
        now = [known.get(task, TaskRecord(task, State.NOT_JUDGED)) for task in self.exercise.tasks]
        self.record = Record(self.exercise.name, Outcome.OK, "", now, "", 0.0)
        self.record_is_whole = False
        return True

    def _exercise_of(self, record: Record) -> Exercise:
        return next(e for e in self.exercises if e.name == record.exercise)

    def _follow_up(self, found: Judged) -> bool:
        """Do what can wait until a verdict is on the screen; True if it changes the screen."""
        if self.asked or found.number != self.judging.newest:
            return False
        exercise, record = self._exercise_of(found.record), found.record
        remember(exercise, record, self.fingerprint)
        with contextlib.suppress(SyntaxError, ValueError):
            course.definitions(self.text)  # to be at hand at the next save
        if not record.done:
            self.again = []
            return False
        if exercise in self.again:
            self.again.remove(exercise)
            self.everything_is_done = not self.again
        else:
            others = [e for e in self.exercises if e != exercise]
            self.following = workbook.first_unfinished(others)
            self.again = others if self.following is None else []
            self.everything_is_done = not others
        if self.again:
            self._judge(self.again[0])
        return True

    def _open(self, exercise: Exercise) -> None:
        self.exercise, self.record, self.page, self.notice = exercise, None, None, ""
        self.again, self.everything_is_done, self.following = [], False, None
        self.scroll, self.text = 0, workbook.text_of(exercise)
        self._judge(exercise)

    # Keys

    def _take_key(self, key: str) -> bool:
        self.notice = ""
        if self.page is not None and self.page.on_key(key):
            return True
        moves = {"up": -1, "down": 1, "page up": 1 - self._room(), "page down": self._room() - 1}
        if key in moves:
            self.scroll = max(0, self.scroll + moves[key])
        elif key == "escape" or (self.page is not None and key in {"enter", "q"}):
            self._show(None)
        elif key in _KEYS:
            getattr(self, f"_on_{_KEYS[key]}")()
        else:
            self.notice = f"no key {key!r} here"
        return True

    def _show(self, page: Page | None) -> None:
        self.page, self.scroll = page, 0

    def _on_next(self) -> None:
        self._go(1)

    def _on_previous(self) -> None:
        self._go(-1)

    def _go(self, step: int) -> None:
        place = self.exercises.index(self.exercise) + step
        if 0 <= place < len(self.exercises):
            self._open(self.exercises[place])
        else:
            self.notice = f"{self.exercise.name} is the {'last' if step > 0 else 'first'} one"

    def _on_list(self) -> None:
        chosen = self.exercises.index(self.exercise)

        def body() -> list[RenderableType]:
            width = max(len(exercise.name) for exercise in self.exercises)
            lines: list[RenderableType] = []
            for place, exercise in enumerate(self.exercises):
                states = workbook.states_of(exercise)
                done = list(states.values()).count(State.DONE)
                line = as_text("> " if place == chosen else "  ", style="bold")
                line.append(f"{exercise.name:<{width}}  {done:>2} of {len(states):>2}")
                lines.append(line)
                if place == chosen:
                    tasks = row(states, width=max(20, self.console.width - 4))
                    lines += [Padding(coloured(tasks), (0, 0, 1, 4))]
            return lines

        def on_key(key: str) -> bool:
            nonlocal chosen
            step = {"up": -1, "down": 1}.get(key)
            if step is not None:
                chosen = (chosen + step) % len(self.exercises)
            elif key == "enter":
                self._open(self.exercises[chosen])
            return step is not None or key == "enter"

        self._show(Page("every exercise", body, "up, down choose  enter open", on_key))

    def _on_lesson(self) -> None:
        text = self.exercise.lesson.read_text(encoding="utf-8")
        self._show(
            Page(display_path(self.exercise.lesson), lambda: [Markdown(text)], "up, down scroll")
        )

    def _on_hint(self) -> None:
        task = self._task_at_hand() or self.exercise.tasks[-1]
        steps = self.exercise.hints(task)
        if not steps:
            self.notice = f"{task} has no hints; s shows our solution"
            return
        number = progress.next_hint(self.exercise, task, len(steps))
        last = number == len(steps)
        more = "s our solution" if last else "h one step more"
        hints = [
            part
            for count, step in enumerate(steps[:number], 1)
            for part in (
                as_text(f"{count} of {len(steps)}", style="dim"),
                Markdown(step),
                as_text(""),
            )
        ]
        self._show(Page(f"{task}, hint {number} of {len(steps)}", lambda: list(hints), more))

    def _task_at_hand(self) -> str | None:
        """Return the first wrong task, or else the first that is not done."""
        states = self._states()
        wrong = (task for task, state in states.items() if state == State.WRONG)
        return next(wrong, next((t for t, state in states.items() if state != State.DONE), None))

    def _states(self) -> dict[str, State]:
        if self.record is None:
            return workbook.states_of(self.exercise)
        return {task.task: task.state for task in self.record.tasks}

    def _on_solution(self) -> None:
        exercise, task = self.exercise, self._task_at_hand()
        if task is None:
            self._show_solution(exercise, exercise.tasks)
            return
        show = functools.partial(self._show_solution, exercise, (task,))
        self._ask(workbook.question_before_solution(task), show)

    def _show_solution(self, exercise: Exercise, tasks: tuple[str, ...]) -> None:
        lines = [part for task in tasks for part in [*_compared(exercise, task), as_text("")]]
        title = f"yours (-) and ours (+), {display_path(exercise.solution)}"
        self._show(Page(title, lambda: list(lines), "up, down scroll"))

    def _on_reset(self) -> None:
        exercise = self.exercise
        if workbook.is_stub(exercise):
            self.notice = f"{display_path(exercise.file)} is the stub already"
        elif not exercise.file.exists():
            self._reset(exercise)
        else:
            # It stays the one in the question, whatever is at hand by the time of the answer.
            yes = functools.partial(self._reset, exercise)
            self._ask(workbook.question_before_reset(exercise), yes)

    def _reset(self, exercise: Exercise) -> None:
        kept = workbook.put_stub_back(exercise)
        self._show(None)
        self.notice = f"your file is kept as {display_path(kept)}" if kept else "the stub is back"

    def _ask(self, question: str, yes: Callable[[], None]) -> None:
        def on_key(key: str) -> bool:
            self._show(None)
            if key == "y":
                yes()
            else:
                self.notice = "nothing is done"
            return True

        self._show(Page(question, list, "y yes  any other key no", on_key))

    # The screen

    def _room(self) -> int:
        """Return how many lines there are for what is shown, above the keys."""
        return max(1, self.console.size.height - len(self._bar()))

    def _draw(self) -> None:
        self.undrawn = False
        self.size = self.console.size = _size()
        bar = self._bar()
        room = max(1, self.console.size.height - len(bar))
        body = self._lines(self._page() if self.page else self._verdict())
        self.scroll = max(0, min(self.scroll, len(body) - room))
        seen = body[self.scroll : self.scroll + room]
        terminal.draw([*seen, *[""] * (room - len(seen)), *bar])

    def _bar(self) -> list[str]:
        keys = self.page.keys + "  esc back" if self.page else _BAR
        # A key and its word stay together where the line folds.
        joined = "  ".join(entry.strip().replace(" ", _JOINT) for entry in keys.split("  "))
        lines = textwrap.wrap(joined, self.console.width)
        return [
            *self._lines([Rule(style="dim")]),
            *self._lines([as_text(line.replace(_JOINT, " ")) for line in lines]),
        ]

    def _lines(self, parts: list[RenderableType]) -> list[str]:
        with self.console.capture() as drawn:
            for part in parts:
                self.console.print(part, overflow="fold")
        return drawn.get().splitlines()

    def _page(self) -> list[RenderableType]:
        assert self.page is not None
        return [as_text(self.page.title, style="bold"), as_text(""), *self.page.body()]

    def _verdict(self) -> list[RenderableType]:
        exercise, states = self.exercise, self._states()
        done = list(states.values()).count(State.DONE)
        title = as_text(exercise.name, style="bold")
        title.append(f"   {done} of {len(states)} tasks done", style="not bold")
        parts: list[RenderableType] = [
            title,
            as_text(display_path(exercise.file), style="dim"),
            as_text(""),
        ]
        parts += [coloured(row(states, width=self.console.width)), as_text("")]
        if self.record is not None:
            parts += list(self._found(self.record))
        return [*parts, self._status()]

    def _found(self, record: Record) -> Iterator[RenderableType]:
        for block in faults(record, record.tasks):
            title, _, rest = block.partition("\n")
            yield as_text(title, style="bold red")
            yield as_text(f"{rest}\n" if rest else "")
        to_do = next((task for task in record.tasks if task.state == State.TO_DO), None)
        if record.done and self.record_is_whole:
            yield from self._done()
        elif to_do is not None and record.outcome == Outcome.OK:
            line = as_text(f"{SIGNS[State.TO_DO]} ", style="yellow")
            yield line.append(f"{to_do.task}   {to_do.place}   to do", style="default")
            if all(task.state == State.TO_DO for task in record.tasks):
                yield as_text("  read the lesson (e), write the body in your editor, and save")
            yield as_text("")

    def _done(self) -> Iterator[RenderableType]:
        exercise = self.exercise
        now = f": you can now {exercise.gain}" if exercise.gain else ""
        yield as_text(f"{SIGNS[State.DONE]} {exercise.name} is done{now}", style="bold green")
        link = as_text(display_path(exercise.solution), style=f"link {exercise.solution.as_uri()}")
        yield as_text("  our solution, for comparison (s): ").append_text(link)
        if self.following is not None:
            yield as_text(f"  next: {self.following.name}\n")
        elif self.everything_is_done:
            tasks = sum(len(e.tasks) for e in self.exercises)
            yield as_text(
                f"\n{SIGNS[State.DONE]} all {tasks} tasks of the course are done\n", style="bold"
            )

    def _status(self) -> RenderableType:
        if self.notice:
            return as_text(self.notice, style="yellow")
        if not self._is_judging:
            took = f"judged in {self.record.seconds:.2f} s, " if self.record else ""
            return as_text(f"{took}and again at each save", style="dim")
        waited = time.monotonic() - self.asked_at
        if self.again:
            place = len(self.exercises) - len(self.again)
            words = f"all seems done: judging everything again, {place} of {len(self.exercises)}"
        elif not self.record_is_whole:
            words = "judging the others"
        elif self.was_judged:
            words = "judging"
        else:
            words = "importing torch, which takes some seconds, once"
        return as_text(f"{words} …" + (f" {waited:.0f} s" if waited >= 1 else ""), style="dim")

    # What tells of events, each in a thread of its own

    def _watch_files(self, ended: threading.Event) -> None:
        from watchfiles import watch

        # Where the system cannot tell, the look once a second must do.
        with contextlib.suppress(OSError, RuntimeError):
            folder = self.root / "exercises"
            for changes in watch(
                folder, step=_STEP, debounce=50, stop_event=ended, raise_interrupt=False
            ):
                file, tests = self.exercise.file, self.exercise.tests
                if any(Path(path) == file or Path(path).parent == tests for _, path in changes):
                    self.events.put(Event("saved"))

    def _read_keys(self) -> None:
        with contextlib.suppress(OSError):
            while (keys := terminal.read_keys()) is not None:
                for key in keys:
                    self.events.put(Event("key", key))
        self.events.put(Event("ended"))


def _size() -> ConsoleDimensions:
    # Of the terminal itself: LINES and COLUMNS in the environment may be long out of date.
    size = os.get_terminal_size(sys.stdout.fileno())
    # Some know no size, and say 0.
    return ConsoleDimensions(size.columns or 80, size.lines or 24)


def _compared(exercise: Exercise, task: str) -> list[RenderableType]:
    """Return the lines of a diff from the learner's definition of a task to ours."""
    ours = workbook.our_part(exercise, task)
    if ours is None:
        return [as_text(f"our solution does not define {task}")]
    try:
        yours = workbook.your_part(exercise, task)
    except LookupError as reason:
        return [as_text(f"{reason}; ours:\n"), *(as_text(line) for line in ours.split("\n"))]
    if yours == ours:
        return [as_text(f"your {task} is ours, word for word")]
    styles = {"-": "red", "+": "green"}
    lines = workbook.difference(exercise, yours, ours)[2:]
    return [as_text(line, style=styles.get(line[:1], "")) for line in lines]


def watch(root: Path) -> None:
    """Watch the first unfinished exercise of a course; Ctrl-C quits."""
    with contextlib.suppress(KeyboardInterrupt):
        Watch(root).run()
