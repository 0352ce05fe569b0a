"""What each key does: it is the page's own first, and else the same everywhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from gradkata.course import workbook
from gradkata.results import Outcome, State
from gradkata.watch import effects as do
from gradkata.watch import events as on
from gradkata.watch.pages import Keys, Listing
from gradkata.watch.state import (
    Step,
    Watched,
    ask,
    position,
    states_of,
    task_at_hand,
    wrong_tasks,
)

_CTRL_C, _CTRL_D = "\x03", "\x04"
# What else a key is called, where no page takes it for a letter.
_ALIASES = {"k": "up", "j": "down", " ": "page down", "esc": "escape"}


def on_key(state: Watched, event: on.Key) -> Step:
    """Return what a key makes of the state: first the page's own keys, then those of everywhere."""
    state, key, page = replace(state, notice=""), event.key, state.page
    if key in {_CTRL_C, _CTRL_D}:
        return _quit(state)
    reaction = page.on_key(key) if page is not None else None
    if reaction is not None:
        scroll = state.scroll if reaction.page is not None and not reaction.to_top else 0
        state = replace(state, page=reaction.page, scroll=scroll, notice=reaction.notice)
        return state, reaction.effects
    key = _ALIASES.get(key, key)
    moves = {"up": -1, "down": 1, "page up": 1 - event.room, "page down": event.room - 1}
    if key in moves:
        scroll = min(state.scroll, event.end) + moves[key]
        return replace(state, scroll=max(0, min(scroll, event.end))), ()
    if key == "escape" or (page is not None and key in {"enter", "q"}):
        return replace(state, page=None, scroll=0), ()
    if key in KEYS:
        return KEYS[key][2](state)
    if key in _BESIDE:
        return _BESIDE[key][1](state)
    if key == MORE_KEYS:
        return _keys(state)
    if key == _WANT_HELP:
        return state, (do.MoveHand(),)
    if page is None and (key == "tab" or key.isdecimal()):
        return _choose(state, key)
    return replace(state, notice=f"no key {_as_typed(key)!r} here"), ()


def _as_typed(key: str) -> str:
    """Return what is written on the keys, for one that sends a control character."""
    return f"ctrl-{chr(ord(key) + 64).lower()}" if len(key) == 1 and key < " " else key


def _choose(state: Watched, key: str) -> Step:
    """Show another wrong task: the next, or that of a number."""
    wrong = wrong_tasks(state)
    at_hand = task_at_hand(state)
    number = wrong.index(at_hand) + 1 if at_hand in wrong else 0
    if key != "tab":
        number = int(key) - 1
    elif wrong:
        number %= len(wrong)
    if not 0 <= number < len(wrong):
        return replace(state, notice=f"{len(wrong)} tasks are wrong, none has the number {key}"), ()
    return replace(state, chosen=(wrong[number],), scroll=0), ()


def _next(state: Watched) -> Step:
    return _go(state, 1)


def _previous(state: Watched) -> Step:
    return _go(state, -1)


def _go(state: Watched, step: int) -> Step:
    exercises, wanted = state.course.exercises, position(state) + step
    if 0 <= wanted < len(exercises):
        return state, (do.Open(exercises[wanted]),)
    end = "last" if step > 0 else "first"
    return replace(state, notice=f"{state.exercise.name} is the {end} one"), ()


def _list(state: Watched) -> Step:
    if isinstance(state.page, Listing):
        state = replace(state, page=replace(state.page, chosen=position(state)), scroll=0)
    return state, (do.ReadStates(state.course.exercises),)


def _hint(state: Watched) -> Step:
    task = task_at_hand(state) or state.exercise.tasks[-1]
    return state, (do.CountHint(state.exercise, task),)


def _lesson(state: Watched) -> Step:
    return state, (do.ReadLesson(state.exercise),)


def _solution(state: Watched) -> Step:
    exercise, task = state.exercise, task_at_hand(state)
    if task is None:
        return state, (do.ReadSolution(exercise, exercise.tasks),)
    question = workbook.question_before_solution(task)
    return ask(state, question, do.ReadSolution(exercise, (task,)))


def _test(state: Watched) -> Step:
    at_hand = task_at_hand(state)
    tasks = state.record.tasks if state.record else []
    found = next((task for task in tasks if task.task == at_hand and task.found_at), None)
    if found is None:
        subject = at_hand or state.exercise.name
        return replace(state, notice=f"no test has found a fault in {subject}"), ()
    return state, (do.ReadTest(state.exercise, found),)


def _open_in_editor(state: Watched) -> Step:
    """Open the file at the task at hand, where the verdict on it points, or at the last changed."""
    task = task_at_hand(state) or next(iter(state.chosen), "")
    return state, (do.Edit(state.exercise, task, _line_shown(state, task)),)


def _line_shown(state: Watched, task: str) -> int | None:
    """Return the line of the learner's file that the verdict names: of the fault, or of a stub."""
    if state.record is None:
        return None
    places = {t.task: t.place for t in state.record.tasks if t.state != State.DONE}
    place = places.get(task, "")
    if state.record.outcome == Outcome.ERROR:
        place = state.record.detail.partition("\n")[0]
    file, _, line = place.rpartition(":")
    is_own = file == state.exercise.file.relative_to(state.exercise.root).as_posix()
    return int(line) if is_own and line.isdecimal() else None


def _book(state: Watched) -> Step:
    task = task_at_hand(state) or next(iter(state.chosen), "")
    return state, (do.ShowBook(state.exercise, task),)


def _another_way(state: Watched) -> Step:
    """Show other right answers of a task that is done, of the one that was changed last at best."""
    done = [task for task, at in states_of(state).items() if at == State.DONE]
    if not done:
        return replace(state, notice="a shows other right answers once a task is done"), ()
    task = next((task for task in state.chosen if task in done), done[-1])
    return state, (do.ReadWays(state.exercise, task),)


def _reset(state: Watched) -> Step:
    return state, (do.LookAtStub(state.exercise),)


def _quit(state: Watched) -> Step:
    return state, (do.Quit(),)


def _keys(state: Watched) -> Step:
    sentences = {key: sentence for key, (_, sentence, _) in KEYS.items()}
    beside = {key: sentence for key, (sentence, _) in _BESIDE.items()}
    return replace(state, page=Keys(sentences | beside | _OTHER_KEYS), scroll=0), ()


# What a key is called in the bottom line, what it does in words, and what does it.
KEYS: dict[str, tuple[str, str, Callable[[Watched], Step]]] = {
    "n": ("next", "goes to the next exercise", _next),
    "p": ("previous", "goes to the one before", _previous),
    "l": ("list", "lists every exercise; letters search there", _list),
    "o": ("open", "opens the task in your editor", _open_in_editor),
    "h": ("hint", "shows a hint, and then one step more each time", _hint),
    "e": ("lesson", "shows the lesson", _lesson),
    "t": ("test", "shows the test that found the fault", _test),
    "s": ("solution", "compares your answer with ours", _solution),
    "a": ("ways", "shows other right answers, once a task is done", _another_way),
    "r": ("reset", "brings the stubs back; your file is kept beside them", _reset),
    "q": ("quit", "quits", _quit),
}
# Those that the bottom line has no room for.
_BESIDE: dict[str, tuple[str, Callable[[Watched], Step]]] = {
    "b": ("opens the task in the book, in a browser", _book),
}
MORE_KEYS = "?"
_WANT_HELP = "w"
_OTHER_KEYS = {
    "1 to 9, tab": "show another wrong task",
    "up, down, page up, page down": "scroll",
    _WANT_HELP: "in a workshop's room: shows that you want help, or no longer do",
    "esc": "goes back to the verdict",
}
