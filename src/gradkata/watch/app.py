"""`kata`: judge the exercise at hand each time its file is saved, and show what was found.

An event is taken, the state updated and drawn, and only then is done what follows from it. That
order is what makes a verdict instant.
"""

from __future__ import annotations

import contextlib
import os
import queue
import shutil
import threading
import time
from pathlib import Path

from rich.console import ConsoleDimensions

from gradkata import course
from gradkata.course import Exercise, progress, workbook
from gradkata.judging.runner import drop_all
from gradkata.watch import book, editor, reading, sources, terminal
from gradkata.watch import effects as do
from gradkata.watch import events as on
from gradkata.watch.judge_thread import JudgeThread
from gradkata.watch.room import NoRoom, Room
from gradkata.watch.state import Watched
from gradkata.watch.update import update
from gradkata.watch.view import View, in_plain_lines, view

# Seconds between looks at the file where the system reports no saves.
LOOK_EVERY = 1.0
# Seconds after which a judgement under way is announced.
SOON = 0.2


class Watch:
    """The loop from events to the screen and to what follows from them."""

    def __init__(
        self,
        root: Path,
        exercise: Exercise | None = None,
        task: str = "",
        *,
        bell: bool = False,
        room: Room | None = None,
    ) -> None:
        self.root = root
        self.room = room or NoRoom()
        known = reading.read_course(root)
        left_off = workbook.where_left_off(known.exercises) or known.exercises[0]
        stays = exercise is not None
        self.state = Watched(known, exercise or left_off, bell=bell, stays=stays)
        self.task = task
        self.signals: queue.SimpleQueue[on.Signal] = queue.SimpleQueue()
        self.judging = JudgeThread(root, self.signals.put)
        self.size = ConsoleDimensions(0, 0)
        self.view = View([], 1, 0)
        self.undrawn = False
        self.ended = threading.Event()
        self.is_lent = False
        self.key_is_done = threading.Semaphore(0)

    def run(self) -> None:
        """Watch until the learner quits."""
        tell = self.signals.put
        self._run(terminal.screen(lambda: tell(on.DrawnOver())), sources.tell_of_keys)

    def _run(
        self, screen: contextlib.AbstractContextManager[None], tell_of_keys: sources.TellOfKeys
    ) -> None:
        tell, folder = self.signals.put, self.root / "exercises"
        saves = (folder, self._is_meant, tell, self.ended)
        files = threading.Thread(target=sources.tell_of_saves, args=saves, daemon=True)
        keys = threading.Thread(target=tell_of_keys, args=(tell, self.key_is_done), daemon=True)
        try:
            with screen:
                self._take(reading.answer(do.Open(self.state.exercise, self.task)))
                for thread in (self.judging, files, keys):
                    thread.start()
                while not self.ended.is_set():
                    event = self._next_event()
                    self._take(event)
                    # An editor that has the screen has the keys, too.
                    if isinstance(event, on.Key | on.Edited) and not self.is_lent:
                        self.key_is_done.release()
        finally:
            self.ended.set()
            drop_all()
            self.room.close()
            sources.await_end(files)

    def _is_meant(self, file: Path) -> bool:
        state = self.state
        is_answer = any(file == exercise.file for exercise in state.course.exercises)
        return is_answer or file.parent == state.exercise.tests

    def _next_event(self) -> on.Event:
        """Wait for a signal, and complete it from the screen and the disk."""
        try:
            signal = self.signals.get(timeout=SOON if self.undrawn else LOOK_EVERY)
        except queue.Empty:
            signal = on.Tick()
        match signal:
            case on.Pressed(key):
                return on.Key(key, self.view.room, self.view.end)
            case on.Saved() | on.Tick():
                return reading.look(self.root, self.state, saved=isinstance(signal, on.Saved))
            case _:
                return signal

    def _take(self, event: on.Event) -> None:
        if isinstance(event, on.Edited) and self.is_lent:
            self.is_lent = False
            self._take_screen_again()
        before = self.state
        self.state, effects = update(before, event)
        changed = self.state != before
        if isinstance(event, on.Looked) and event.saved and not self.state.notice:
            # Nothing is drawn yet: the verdict mostly comes before an announcement could be read.
            self.undrawn |= changed
        elif changed or self._is_out_of_date(event):
            self._draw()
        for effect in effects:
            if (answer := self._do(effect)) is not None:
                self._take(answer)

    def _is_out_of_date(self, event: on.Event) -> bool:
        """Tell whether the screen has changed while the state has not."""
        if isinstance(event, on.Looked):
            # Not every system signals a change of the terminal's size.
            return self.state.is_judging or sources.size() != self.size
        return isinstance(event, on.DrawnOver | on.Edited)

    def _draw(self) -> None:
        self.undrawn = False
        if self.is_lent:
            return
        self.size = sources.size()
        self.view = view(self.state, self.size, time.monotonic())
        terminal.draw(self.view.lines)

    def _do(self, effect: do.Effect) -> on.Answer | on.Edited | None:
        match effect:
            case do.Judge():
                self.judging.ask(effect)
            case do.GetReady(text):
                self.judging.shown.set()
                with contextlib.suppress(SyntaxError, ValueError):
                    course.definitions(text)  # to be at hand at the next save
            case do.Remember(exercise, record, fingerprint):
                progress.remember(exercise, record, fingerprint)
                self.room.report(exercise, record)
            case do.MoveHand():
                return on.HandMoved(self.room.ask_for_help())
            case do.Edit(exercise, task, line):
                return self._edit(exercise, line or exercise.line_of(task))
            case do.ShowBook(exercise, task):
                return on.Edited(book.show(exercise, task, os.environ))
            case do.Ring():
                terminal.ring()
            case do.Quit():
                self.ended.set()
            case _:
                return reading.answer(effect)
        return None

    def _edit(self, exercise: Exercise, line: int) -> on.Edited | None:
        """Open an editor, and go on watching while it is open."""
        put = self.signals.put
        wanted = editor.command(exercise.file, line, os.environ)
        if wanted is None:
            return on.Edited("which editor? Put its name into the variable KATA_EDITOR, or EDITOR")
        if not (wanted.takes_screen and shutil.which(wanted.words[0])):
            return on.Edited(editor.run(wanted, lambda words: put(on.EditorFailed(words))))
        self.is_lent = True
        self._lend_screen()
        threading.Thread(target=lambda: put(on.Edited(editor.run(wanted))), daemon=True).start()
        return None

    def _lend_screen(self) -> None:
        terminal.lend()

    def _take_screen_again(self) -> None:
        terminal.take_again()


class PlainWatch(Watch):
    """Watches without a screen: it prints what is new below, and reads lines as keys."""

    printed: tuple[str, ...] = ()

    def run(self) -> None:
        """Watch until the learner quits."""
        self._run(contextlib.nullcontext(), sources.tell_of_lines)

    def _lend_screen(self) -> None:
        """Nothing is drawn over an editor."""

    def _take_screen_again(self) -> None:
        """Go on below it."""

    def _draw(self) -> None:
        self.undrawn = False
        if self.is_lent:
            return
        self.size = sources.size()
        state = self.state
        # A verdict that is due is no news, unless it takes seconds.
        is_to_come = (state.is_judging and state.was_judged) or state.is_survey_due
        if is_to_come and not state.page and not state.notice:
            return
        lines = in_plain_lines(state, state.request.at if state.request else 0, self.size.width)
        if (new := tuple(lines)) != self.printed:
            self.printed = new
            terminal.print_lines(["", *lines])


def watch(
    root: Path,
    exercise: Exercise | None = None,
    task: str = "",
    *,
    plain: bool = False,
    bell: bool = False,
    room: Room | None = None,
) -> None:
    """Watch an exercise, or else the one that was left off at; Ctrl-C quits."""
    kind = PlainWatch if plain else Watch
    with contextlib.suppress(KeyboardInterrupt):
        kind(root, exercise, task, bell=bell, room=room).run()
