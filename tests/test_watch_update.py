"""What `kata` makes of each event, and what it shows then, asked of the functions themselves.

No terminal, no thread and no judgement is needed: records and times are given.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
import toy_course
from rich.console import ConsoleDimensions

from gradkata import course
from gradkata.course import progress, stubs
from gradkata.results import Outcome, Record, State, TaskRecord
from gradkata.watch import app, reading
from gradkata.watch import effects as do
from gradkata.watch import events as on
from gradkata.watch.state import Watched
from gradkata.watch.update import update
from gradkata.watch.view import view

SOLVED = toy_course.SLOPES
WRONG = SOLVED.replace("return x / 2", "return x / 4")
BAR = "n next  p previous  l list  o open  h hint  e lesson  t test  s solution  r reset  q quit"


class Player:
    """Plays events, reads and writes what follows from them, and judges nothing."""

    def __init__(self, root, exercise):
        self.root, self.size, self.now = root, ConsoleDimensions(100, 30), 0.0
        self.effects = []
        self.state = Watched(reading.read_course(root), exercise)
        self.take(reading.answer(do.Open(exercise)))

    def take(self, event):
        """Take an event, and answer what is read for it."""
        self.state, effects = update(self.state, event)
        self.effects += effects
        for effect in effects:
            if isinstance(effect, do.Remember):
                progress.remember(effect.exercise, effect.record, effect.fingerprint)
            elif isinstance(effect, do.Reading):
                self.take(reading.answer(effect))
        return self

    @property
    def shown(self):
        return view(self.state, self.size, self.now)

    @property
    def text(self):
        return "\n".join(line.rstrip() for line in self.shown.lines)

    def press(self, *keys):
        for key in keys:
            self.take(on.Key(key, self.shown.room, self.shown.end))
        return self.text

    def looks(self, *, saved=True):
        return self.take(reading.look(self.root, self.state, saved=saved))

    def saves(self, text):
        self.state.exercise.file.write_text(text)
        return self.looks()

    def judged(self, **states):
        """Bring the record of what was asked for, in which tasks have these states."""
        request = self.state.request
        return self.take(on.Judged(request.number, record(request.exercise, **states)))

    def last(self, kind):
        """Return the newest effect of a kind, None if there was none."""
        return next((effect for effect in reversed(self.effects) if isinstance(effect, kind)), None)

    def asked(self):
        """Return which exercises were to be judged, in order."""
        return [effect.exercise.name for effect in self.effects if isinstance(effect, do.Judge)]


def record(exercise, **states):
    tasks = [task_record(exercise, task, State(state)) for task, state in states.items()]
    return Record(exercise.name, Outcome.OK, "", tasks, "", 0.25)


def task_record(exercise, task, state):
    if state != State.WRONG:
        return TaskRecord(task, state, f"{task}.py:1")
    test = f"test_{task}.py::test_two_becomes_one"
    place = f"exercises/{exercise.name}/tests/test_{task}.py:7"
    return TaskRecord(task, state, "slopes.py:11", ["0.5 == 1"], test, place)


@pytest.fixture
def root(tmp_path, monkeypatch):
    root = toy_course.build(tmp_path / "toy")
    (root / "README.md").write_text(
        "| [01_slopes](exercises/01_slopes/README.md) | double and halve | 2 |\n"
    )
    (root / "exercises/01_slopes/README.md").write_text("# Slopes\n\nA *slope* is steep.\n")
    # Paths are shown as they are typed from here.
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def slopes(root):
    return course.Exercise(root, "01_slopes")


@pytest.fixture
def shapes(root):
    return course.Exercise(root, "02_shapes")


@pytest.fixture
def player(root, slopes):
    return Player(root, slopes)


# From the start to a verdict


def test_an_exercise_that_is_opened_is_judged_and_shown_as_far_as_it_is_known(player):
    assert player.asked() == ["01_slopes"]
    assert "01_slopes   0 of 2 tasks done" in player.text
    assert "· double  · halve" in player.text
    assert "importing torch, which takes some seconds, once …\n" in player.text
    assert player.text.endswith(BAR)


def test_an_exercise_that_is_known_to_be_done_is_passed_over(root, slopes, shapes):
    slopes.file.write_text(SOLVED)
    progress.remember_states(slopes, {"double": "done", "halve": "done"})

    assert app.Watch(root).state.exercise == shapes


def test_the_seconds_that_a_judgement_takes_are_shown(player):
    player.now = player.state.request.at + 3

    assert "importing torch, which takes some seconds, once … 3 s" in player.text


def test_a_verdict_is_shown_with_the_time_that_it_took(player):
    text = player.judged(double="to do", halve="to do").text

    assert "· double   double.py:1   to do" in text
    assert "read the lesson (e), write the body in your editor, and save" in text
    assert "judged in 0.25 s, and again at each save" in text


def test_a_fault_is_shown_with_the_test_that_found_it(player):
    text = player.judged(double="done", halve="wrong").text

    assert "✗ halve   slopes.py:11\n    0.5 == 1\n    found by test_two_becomes_one\n" in text
    assert "      exercises/01_slopes/tests/test_halve.py:7" in text


def test_a_verdict_is_remembered_after_the_judge_was_told_to_get_ready(player):
    player.judged(double="done", halve="wrong")

    kinds = [type(effect) for effect in player.effects]
    assert kinds.index(do.GetReady) < kinds.index(do.Remember)


def test_a_verdict_that_is_no_longer_asked_for_changes_nothing(player, slopes):
    player.saves(WRONG)
    before = player.state

    player.take(on.Judged(1, record(slopes, double="done", halve="done")))

    assert player.state == before
    assert player.last(do.Remember) is None


def test_tasks_that_come_first_are_shown_beside_what_was_known_of_the_others(player, slopes):
    player.judged(double="done", halve="wrong")
    player.saves(SOLVED)

    number = player.state.request.number
    player.take(on.FirstJudged(number, [task_record(slopes, "halve", State.DONE)]))

    assert "✓ double  ✓ halve" in player.text
    assert "judging the others …" in player.text
    assert "01_slopes is done" not in player.text


def test_a_fault_of_a_task_that_comes_first_is_shown_at_once(player, slopes):
    number = player.state.request.number
    player.take(on.FirstJudged(number, [task_record(slopes, "halve", State.WRONG)]))

    assert "? double  ✗ halve" in player.text
    assert "    0.5 == 1\n" in player.text
    assert "judging the others …" in player.text


# Saves


def test_what_was_changed_is_to_be_judged_first(player):
    player.saves(WRONG).judged(double="done", halve="wrong")

    player.saves(WRONG.replace("2 * x", "3 * x"))

    assert player.last(do.Judge).first == ("double",)


def test_where_nothing_of_a_task_was_changed_the_task_at_hand_is_to_be_judged_first(player):
    player.saves(WRONG).judged(double="done", halve="wrong")

    player.saves(WRONG + "\n# a line more\n")

    assert player.last(do.Judge).first == ("halve",)


def test_a_look_at_files_that_are_the_same_asks_for_nothing(player):
    player.looks(saved=False)

    assert player.asked() == ["01_slopes"]


@pytest.mark.parametrize(("seconds", "times"), [(0.2, 1), (0.4, 2)])
def test_saving_the_same_again_is_judged_unless_it_is_one_save(seconds, times, player):
    looked = reading.look(player.root, player.state, saved=True)

    player.take(replace(looked, now=player.state.request.at + seconds))

    assert len(player.asked()) == times


def test_a_test_that_cannot_be_parsed_is_named_and_nothing_is_judged(player, slopes):
    tests = slopes.tests_of("halve")
    tests.write_text(toy_course.TEST_HALVE + "def test(:\n")

    text = player.looks(saved=False).text

    assert "exercises/01_slopes/tests/test_halve.py, line 9: invalid syntax" in text
    assert player.asked() == ["01_slopes"]

    tests.write_text(toy_course.TEST_HALVE)

    assert "invalid syntax" not in player.looks(saved=False).text
    assert player.asked() == ["01_slopes", "01_slopes"]


def test_an_exercise_without_tests_is_named(player, slopes):
    for file in slopes.tests.iterdir():
        file.unlink()

    assert "exercises/01_slopes/tests has no tests" in player.looks(saved=False).text


# All is done


def test_a_done_exercise_says_what_one_can_do_now_and_offers_the_next(player):
    text = player.judged(double="done", halve="done").text

    assert "01_slopes is done: you can now double and halve" in text
    assert "our solution, for comparison (s): solutions/01_slopes/slopes.py" in text
    assert "next: 02_shapes" in text


@pytest.fixture
def others_done(player, shapes):
    """Leave the first exercise alone to do."""
    progress.remember_states(shapes, {"Square": "done", "perimeter": "done"})
    return player


def test_when_all_is_done_everything_is_judged_again_once_before_it_says_so(others_done):
    text = others_done.judged(double="done", halve="done").text
    assert "all seems done: judging everything again, 1 of 2" in text
    assert "all 4 tasks" not in text
    assert "judging everything again" in others_done.looks(saved=False).text

    text = others_done.judged(Square="done", perimeter="done").text
    assert "all 4 tasks of the course are done" in text
    assert others_done.asked() == ["01_slopes", "02_shapes"]


def test_what_was_thought_done_and_is_not_is_shown_instead(others_done):
    others_done.judged(double="done", halve="done")

    text = others_done.judged(Square="done", perimeter="wrong").text

    assert "02_shapes   1 of 2 tasks done" in text
    assert "✗ perimeter" in text
    assert "all 4 tasks" not in text


def test_a_save_ends_the_judging_of_everything(others_done):
    others_done.judged(double="done", halve="done")

    text = others_done.saves(WRONG).text

    assert "judging everything again" not in text
    assert others_done.asked() == ["01_slopes", "02_shapes", "01_slopes"]


def test_a_question_stays_about_what_it_was_asked_about(others_done, slopes, shapes):
    others_done.saves(SOLVED).judged(double="done", halve="done")
    stub = shapes.file.read_text()

    text = others_done.press("r")
    assert "exercises/01_slopes/slopes.py becomes the stub again" in text
    others_done.judged(Square="done", perimeter="wrong")
    text = others_done.press("y")

    assert "your file is kept as exercises/01_slopes/slopes.kept-1.py" in text
    assert slopes.file.read_text() == stubs.derive(SOLVED)
    assert shapes.file.read_text() == stub


# Keys


def test_next_and_previous_go_from_exercise_to_exercise(player):
    assert "02_shapes   0 of 2" in player.press("n")
    assert "02_shapes is the last one" in player.press("n")
    assert "01_slopes   0 of 2" in player.press("p")
    assert "01_slopes is the first one" in player.press("p")
    assert player.asked() == ["01_slopes", "02_shapes", "01_slopes"]


def test_the_list_shows_states_and_opens_what_is_picked(player):
    player.saves(WRONG).judged(double="done", halve="wrong")

    text = player.press("l")
    assert "every exercise" in text
    assert "> 01_slopes   1 of  2\n    ✓ double  ✗ halve\n" in text
    text = player.press("down")
    assert "> 02_shapes   0 of  2\n    · Square  · perimeter\n" in text
    assert "02_shapes   0 of 2 tasks done" in player.press("enter")
    assert player.asked()[-1] == "02_shapes"


def test_the_list_goes_round_and_a_second_l_goes_back_to_the_exercise_at_hand(player):
    assert "> 02_shapes" in player.press("l", "up")
    assert "> 01_slopes" in player.press("l")


def test_a_verdict_is_seen_in_the_list(player):
    player.saves(WRONG)
    player.press("l")

    assert "> 01_slopes   1 of  2" in player.judged(double="done", halve="wrong").text


def test_hints_come_one_by_one(player):
    text = player.press("h")
    assert "double, hint 1 of 2" in text
    assert "Twice is x and x once more." in text
    assert "h one step more" in text

    text = player.press("h")
    assert "double, hint 2 of 2" in text
    assert "Twice is x" in text
    assert "2 * x" in text
    assert "s our solution" in text

    assert "01_slopes   0 of 2" in player.press("escape")


def test_a_hint_is_for_the_wrong_task_before_one_to_do(player):
    text = player.judged(double="to do", halve="wrong").press("h")

    assert "halve, hint 1 of 1" in text
    assert "Divide." in text


def test_a_task_without_hints_is_said_to_have_none(player):
    assert "Square has no hints; s shows our solution" in player.press("n", "h")


def test_the_lesson_is_rendered(player):
    text = player.press("e")
    assert "exercises/01_slopes/README.md" in text
    assert "A slope is steep." in text
    assert text.endswith("up, down scroll  b in the book  esc back")

    assert "01_slopes   0 of 2" in player.press("q")
    assert player.last(do.Quit) is None


def test_a_long_page_scrolls_and_not_beyond_its_end(player, slopes):
    slopes.lesson.write_text("\n\n".join(f"line {n}" for n in range(100)))

    text = player.press("e")
    assert "line 3" in text
    assert "line 20" not in text
    assert "line 20" in player.press("page down")
    assert "line 0\n" in player.press("page up")

    assert "line 99\n" in player.press(*["page down"] * 20)
    at_the_end = player.text
    assert player.press("up") != at_the_end


@pytest.mark.parametrize("keys", [["escape", "e"], ["e"]], ids=["left", "opened again"])
def test_a_page_is_opened_at_its_top(keys, player, slopes):
    slopes.lesson.write_text("\n\n".join(f"line {n}" for n in range(100)))
    assert "line 0\n" not in player.press("e", "page down")

    assert "line 0\n" in player.press(*keys)


def test_the_solution_is_shown_only_when_asked_for_twice(player):
    player.saves(WRONG).judged(double="done", halve="wrong")

    assert "halve is not known to be done. Show our solution?" in player.press("s")
    assert "nothing is done" in player.press("x")
    text = player.press("s", "y")
    assert "-    return x / 4\n" in text
    assert "+    return x / 2\n" in text
    assert "--- exercises/01_slopes/slopes.py" not in text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (SOLVED, "your halve is ours, word for word"),
        (
            SOLVED.replace("def halve", "def other"),
            "exercises/01_slopes/slopes.py does not define halve; ours:\n\ndef halve(",
        ),
    ],
    ids=["the same", "not there"],
)
def test_where_there_is_nothing_to_compare_a_sentence_says_so(text, words, player):
    player.saves(text).judged(double="done", halve="wrong")

    assert words in player.press("s", "y")


def test_of_a_done_exercise_every_solution_is_shown_at_once(player):
    player.saves(SOLVED).judged(double="done", halve="done")

    text = player.press("s")

    assert "your double is ours, word for word" in text
    assert "your halve is ours, word for word" in text


def test_the_test_that_found_the_fault_is_shown_below_it(player):
    player.judged(double="done", halve="wrong")

    text = player.press("t")

    assert "halve: the test that found the fault" in text
    assert "✗ halve   slopes.py:11\n    0.5 == 1\n" in text
    assert "exercises/01_slopes/tests/test_halve.py:7\n" in text
    assert "def test_two_becomes_one():\n    assert slopes.halve(2) == 1\n" in text
    assert "pytestmark" not in text
    assert text.endswith("up, down scroll  esc back")
    assert "01_slopes   1 of 2" in player.press("escape")


def test_where_no_test_has_found_a_fault_there_is_none_to_show(player):
    assert "no test has found a fault in double" in player.press("t")

    player.judged(double="done", halve="done")

    assert "no test has found a fault in 01_slopes" in player.press("t")


def test_a_fault_that_no_test_has_found_has_no_test_to_show(player, slopes):
    stopped = TaskRecord("halve", State.WRONG, "slopes.py:11", ["it does not end"])
    player.take(on.FirstJudged(player.state.request.number, [stopped]))

    assert "no test has found a fault in halve" in player.press("t")


def test_reset_asks_and_keeps_the_learners_file(player, slopes):
    player.saves(WRONG).judged(double="done", halve="wrong")

    text = player.press("r")
    assert "becomes the stub again; your file is kept beside it. Reset it?" in text
    assert "nothing is done" in player.press("n")
    assert slopes.file.read_text() == WRONG

    player.press("r", "y")
    assert slopes.file.read_text() == stubs.derive(SOLVED)
    assert (slopes.folder / "slopes.kept-1.py").read_text() == WRONG


def test_where_the_file_is_kept_is_said_until_the_learner_saves(player):
    player.saves(WRONG).judged(double="done", halve="wrong").press("r", "y")
    sentence = "your file is kept as exercises/01_slopes/slopes.kept-1.py"

    # The stub that came back is a save, too.
    assert sentence in player.looks().judged(double="to do", halve="to do").text
    assert sentence not in player.saves(SOLVED).text


def test_reset_of_a_stub_has_nothing_to_do(player):
    assert "exercises/01_slopes/slopes.py is the stub already" in player.press("r")


def test_reset_of_a_file_that_is_gone_asks_nothing(player, slopes):
    slopes.file.unlink()

    assert "the stub is back" in player.press("r")
    assert slopes.file.read_text() == stubs.derive(SOLVED)


def test_an_unknown_key_is_named_until_the_next(player):
    assert "no key 'z' here" in player.press("z")
    assert "no key 'ctrl-w' here" in player.press("\x17")
    assert "no key" not in player.press("up")


def test_q_quits_where_no_page_is_shown(player):
    player.press("q")

    assert player.last(do.Quit) is not None


def test_without_keys_to_come_it_quits(player):
    player.take(on.Ended())

    assert player.last(do.Quit) is not None


# The screen


def test_a_narrow_window_loses_nothing(player):
    player.judged(double="done", halve="wrong")
    player.size = ConsoleDimensions(40, 20)

    lines = player.text.split("\n")

    assert len(lines) == 20
    assert max(map(len, lines)) <= 40
    assert "n:next p:back l:list o:open h:hint\n" in player.text
    assert player.text.endswith("q:quit")


def test_a_long_line_goes_on_further_in_than_it_begins(player, slopes):
    sentence = (
        "the gradient for y has shape (4, 3), y has shape (4, 1): sum over the broadcast axis 1"
    )
    task = replace(task_record(slopes, "halve", State.WRONG), lines=[sentence, "  yours   0.25"])
    player.take(on.Judged(player.state.request.number, replace(record(slopes), tasks=[task])))
    player.size = ConsoleDimensions(50, 20)

    assert (
        "\n    the gradient for y has shape (4, 3), y has"
        "\n      shape (4, 1): sum over the broadcast axis 1"
        "\n      yours   0.25\n"
    ) in player.text


@pytest.mark.parametrize("height", [5, 50])
def test_the_view_fills_the_window(height, player):
    player.size = ConsoleDimensions(100, height)

    assert len(player.shown.lines) == height


# The loop


def test_what_follows_from_an_event_is_done_once_it_is_drawn(root, slopes, monkeypatch):
    happened = []
    monkeypatch.setattr(app.sources, "size", lambda: ConsoleDimensions(100, 30))
    monkeypatch.setattr(app.terminal, "draw", lambda lines: happened.append("draw"))
    watch = app.Watch(root)
    monkeypatch.setattr(watch.judging, "ask", lambda *_: happened.append("ask"))

    watch._take(reading.answer(do.Open(slopes)))

    assert happened[:2] == ["draw", "ask"]


def test_a_save_is_not_drawn_before_it_is_judged(root, slopes, monkeypatch):
    happened = []
    monkeypatch.setattr(app.sources, "size", lambda: ConsoleDimensions(100, 30))
    monkeypatch.setattr(app.terminal, "draw", lambda lines: happened.append("draw"))
    watch = app.Watch(root)
    watch._take(reading.answer(do.Open(slopes)))
    happened.clear()

    slopes.file.write_text(WRONG)
    watch._take(reading.look(root, watch.state, saved=True))
    assert happened == []

    watch._take(reading.look(root, watch.state, saved=False))
    assert happened == ["draw"]
