"""The state after each event, and the effects that follow; nothing is read or written here."""

from __future__ import annotations

from dataclasses import replace

from gradkata.course import Exercise, workbook
from gradkata.display import display_path
from gradkata.results import Outcome, Record, State, TaskRecord
from gradkata.watch import effects as do
from gradkata.watch import events as on
from gradkata.watch.keys import on_key
from gradkata.watch.pages import Hints, Lesson, Listing, Question, Solution, TestSource, Ways
from gradkata.watch.state import (
    Ahead,
    Request,
    Step,
    Watched,
    ask,
    position,
    states_of,
    task_at_hand,
)

# Seconds after a request in which events may still report the save that led to it.
_ONE_SAVE = 0.3
# Seconds from save to verdict after which the bell rings.
_SLOW = 2.0


def update(state: Watched, event: on.Event) -> Step:
    """Return the state after an event, and what is to be done once it is drawn."""
    match event:
        case on.Key():
            return on_key(state, event)
        case on.Looked():
            return _looked(state, event)
        case on.FirstJudged():
            return _first_judged(state, event)
        case on.Judged():
            return _judged(state, event)
        case on.Surveyed():
            return _surveyed(state, event)
        case on.Opened():
            return _opened(state, event)
        case on.OthersCounted(done, of):
            return replace(state, others=(done, of)), ()
        case on.Ended():
            return state, (do.Quit(),)
        case on.Edited(sentence) | on.EditorFailed(sentence):
            return replace(state, notice=sentence), ()
        case on.DrawnOver():
            return state, ()
        case _:
            return _read(state, event)


def _looked(state: Watched, event: on.Looked) -> Step:
    """Judge again if the file or its tests are not what was judged."""
    fingerprint = event.files.fingerprint
    # Saving an unchanged file asks for a new verdict.
    asked_at = state.request.at if state.request else 0.0
    others, state = _saved_elsewhere(state, event)
    if fingerprint == state.seen and others:
        return _go_elsewhere(state, others)
    if fingerprint == state.seen and not (event.saved and event.now - asked_at > _ONE_SAVE):
        return state, ()
    if event.problem:
        return replace(state, seen=fingerprint, notice=event.problem), ()
    if event.course is not None:
        exercise = _current(event.course, state.exercise)
        state = replace(state, course=event.course, exercise=exercise)
    if state.record is None:
        state = replace(state, states=event.files.states)
    before, text = state.text, event.files.text
    at_hand = task_at_hand(state)
    changed = tuple(workbook.changed_tasks(state.exercise, before, text))
    first = changed or ((at_hand,) if at_hand else ())
    ahead = replace(state.ahead, again=(), all_done=False)
    scroll = state.scroll if state.page else 0
    chosen = changed or state.chosen
    notice = state.notice if state.notice_stays else ""
    state = replace(state, text=text, ahead=ahead, chosen=chosen, scroll=scroll)
    state = replace(state, notice=notice, notice_stays=False)
    state, asked = _judge(state, state.exercise, fingerprint, event.now, first)
    return state, (*asked, *_list_again(state))


def _saved_elsewhere(state: Watched, event: on.Looked) -> tuple[list[Exercise], Watched]:
    """Return the other exercises whose files were written since the last look."""
    before, now = state.elsewhere, event.elsewhere
    others = [e for e in state.course.exercises if before.get(e.name) != now.get(e.name)]
    if before != now:
        state = replace(state, elsewhere=now)
    if not before or not others:
        return [], state
    return others, replace(state, ahead=replace(state.ahead, again=(), all_done=False))


def _go_elsewhere(state: Watched, others: list[Exercise]) -> Step:
    """Go where the learner works now; only offer it if it is not plain that they want that."""
    is_at_work = state.stays and not all(s == State.DONE for s in states_of(state).values())
    if len(others) == 1 and not is_at_work and not isinstance(state.page, Question):
        return state, (do.Open(others[0]),)
    names = ", ".join(exercise.name for exercise in others[:3])
    more = f" and {len(others) - 3} more" if len(others) > 3 else ""
    return replace(state, notice=f"saved elsewhere: {names}{more}; l goes there"), ()


def _judge(
    state: Watched, exercise: Exercise, fingerprint: str, now: float, first: tuple[str, ...] = ()
) -> Step:
    number = state.request.number + 1 if state.request else 1
    seen = fingerprint if exercise == state.exercise else state.seen
    request = Request(number, exercise, fingerprint, now)
    state = replace(state, request=request, is_judging=True, seen=seen)
    return state, (do.Judge(number, exercise, first),)


def _current(course: on.Course, exercise: Exercise) -> Exercise:
    """Return the exercise as it was read last."""
    return next(e for e in course.exercises if e == exercise)


def _list_again(state: Watched) -> tuple[do.Effect, ...]:
    """Keep the list in step with what is known."""
    return (do.ReadStates(state.course.exercises),) if isinstance(state.page, Listing) else ()


def _first_judged(state: Watched, event: on.FirstJudged) -> Step:
    """Replace the known states of the tasks that are already judged."""
    if not _is_awaited(state, event.number):
        return state, ()
    known = {task.task: task for task in state.record.tasks} if state.record else {}
    known |= {task.task: task for task in event.tasks}
    tasks = [known.get(t, TaskRecord(t, State.NOT_JUDGED)) for t in state.exercise.tasks]
    record = Record(state.exercise.name, Outcome.OK, "", tasks, "", 0.0)
    return replace(state, record=record, is_whole=False), ()


def _is_awaited(state: Watched, number: int) -> bool:
    return state.is_judging and state.request is not None and number == state.request.number


def _judged(state: Watched, event: on.Judged) -> Step:
    ready = do.GetReady(state.text)
    if state.request is None or not _is_awaited(state, event.number):
        return state, (ready,)
    record, fingerprint = event.record, state.request.fingerprint
    is_slow = event.now - state.request.at >= _SLOW
    exercise = _current(state.course, state.request.exercise)
    state = replace(state, is_judging=False, was_judged=True)
    if exercise == state.exercise or not record.done:
        if exercise != state.exercise:
            state = replace(state, chosen=(), elsewhere={})
        state = replace(state, exercise=exercise, record=record, is_whole=True, seen=fingerprint)
        state = replace(state, judged_at=event.time_of_day)
    bell: tuple[do.Effect, ...] = (do.Ring(),) if state.bell and is_slow else ()
    state, more = _go_on(state, exercise, done=record.done)
    remember = do.Remember(exercise, record, fingerprint)
    return state, (*bell, ready, remember, _count_others(state), *_list_again(state), *more)


def _go_on(state: Watched, exercise: Exercise, *, done: bool) -> Step:
    """Ask what comes after an exercise; the last that is done again makes all done."""
    if not done:
        return replace(state, ahead=replace(state.ahead, again=())), ()
    is_again = exercise in state.ahead.again
    among = state.ahead.again if is_again else state.course.exercises
    left = tuple(e for e in among if e != exercise)
    again = left if is_again else ()
    state = replace(state, ahead=replace(state.ahead, again=again, all_done=not left))
    return state, (do.Survey(left),) if left else ()


def _surveyed(state: Watched, event: on.Surveyed) -> Step:
    ahead = state.ahead
    if not ahead.again:
        ahead = Ahead(event.following, () if event.following else event.among)
    state = replace(state, ahead=ahead)
    if not ahead.again:
        return state, ()
    return _judge(state, ahead.again[0], event.fingerprint, event.now)


def _opened(state: Watched, event: on.Opened) -> Step:
    state = replace(
        state,
        exercise=event.exercise,
        chosen=(event.task,) if event.task else (),
        elsewhere=event.elsewhere,
        states=event.files.states,
        record=None,
        is_whole=True,
        text=event.files.text,
        ahead=Ahead(),
        page=None,
        scroll=0,
        notice="",
        stays=state.stays and event.exercise == state.exercise,
    )
    state, asked = _judge(state, event.exercise, event.files.fingerprint, event.now)
    return state, (*asked, _count_others(state))


def _count_others(state: Watched) -> do.Effect:
    return do.CountOthers(tuple(e for e in state.course.exercises if e != state.exercise))


# What was read for a key


def _read(state: Watched, event: on.PageRead) -> Step:
    """Show what was read as a page of its own."""
    shown = replace(state, scroll=0)
    match event:
        case on.StatesRead(states):
            if isinstance(state.page, Listing):
                return replace(state, page=replace(state.page, states=states)), ()
            return replace(shown, page=Listing(states, position(state), state.course.gains)), ()
        case on.LessonRead(exercise, text):
            return replace(shown, page=Lesson(exercise, text)), ()
        case on.HintCounted(task, hint):
            if hint is None:
                return replace(state, notice=f"{task} has no hints; s shows our solution"), ()
            return replace(shown, page=Hints(hint)), ()
        case on.SolutionRead(exercise, compared):
            return replace(shown, page=Solution(exercise, compared)), ()
        case on.TestRead(task, source):
            return replace(shown, page=TestSource(task, source)), ()
        case on.WaysRead(task, ways):
            if not ways:
                return replace(state, notice=f"no other way of {task} is kept here"), ()
            return replace(shown, page=Ways(task, ways)), ()
        case on.StubLookedAt():
            return _stub_looked_at(state, event)
        case on.StubReset(kept):
            notice = f"your file is kept as {kept}" if kept else "the stub is back"
            return replace(shown, page=None, notice=notice, notice_stays=True), ()
        case on.HandMoved(sentence):
            return replace(state, notice=sentence), ()
        case on.Failed(sentence):
            return replace(shown, page=None, notice=sentence), ()


def _stub_looked_at(state: Watched, event: on.StubLookedAt) -> Step:
    reset = do.ResetStub(event.exercise)
    if event.is_stub:
        file = display_path(event.exercise.file)
        return replace(state, notice=f"{file} is the stub already"), ()
    if not event.is_there:
        return state, (reset,)
    return ask(state, workbook.question_before_reset(event.exercise), reset)
