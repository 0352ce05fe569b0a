"""`kata` in a real terminal: each key, each ending, saves of every kind, and what it leaves."""

import os
import signal
import subprocess
import sys
import time

import pexpect
import psutil
import pyte
import pytest
import toy_course

from gradkata import course
from gradkata.course import progress, stubs
from gradkata.watch.terminal import keys_in

pytestmark = [
    pytest.mark.filterwarnings("ignore:.*forkpty.*:DeprecationWarning"),
    pytest.mark.timeout(180),
]

SOLVED = toy_course.SLOPES
WRONG = SOLVED.replace("return x / 2", "return x / 4")
ENDLESS = SOLVED.replace("return x / 2", "\n    while True: pass")
PATIENCE = 60  # seconds, for a machine that is busy with other tests


class Terminal:
    """A terminal with `kata` in it, and what it shows."""

    def __init__(self, root, *, columns=100, lines=30, **variables):
        self.screen = pyte.Screen(columns or 80, lines or 24)
        self.stream = pyte.ByteStream(self.screen)
        self.raw = b""
        environment = toy_course.child_environment() | {"TERM": "xterm-256color"} | variables
        environment.pop("COLUMNS", None)
        self.child = pexpect.spawn(
            sys.executable,
            ["-c", toy_course.RUN],
            cwd=root,
            env=environment,
            dimensions=(lines, columns),
            timeout=PATIENCE,
        )

    def pump(self, seconds=0.1):
        """Take in what is written for so long; False at its end."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            try:
                data = self.child.read_nonblocking(1 << 16, timeout=left)
            except pexpect.TIMEOUT:
                return True
            except pexpect.EOF:
                return False
            self.raw += data
            self.stream.feed(data)
        return True

    @property
    def text(self):
        return "\n".join(line.rstrip() for line in self.screen.display)

    def shows(self, *words, seconds=PATIENCE):
        """Wait until all the words are on the screen."""
        end = time.monotonic() + seconds
        while not all(w in self.text for w in words):
            assert time.monotonic() < end, self.text
            assert self.pump(), self.text
        return self.text

    def loses(self, words):
        """Wait until the words are gone from the screen."""
        end = time.monotonic() + PATIENCE
        while words in self.text:
            assert time.monotonic() < end, self.text
            assert self.pump(), self.text

    def resize(self, lines, columns):
        self.screen.resize(lines, columns)
        self.child.setwinsize(lines, columns)

    def press(self, key, *words):
        self.child.send(key)
        return self.shows(*words)

    def ended(self):
        """Wait for the end, and return the exit code."""
        end = time.monotonic() + PATIENCE
        while self.pump():
            assert time.monotonic() < end, self.text
        self.child.close()
        return self.child.exitstatus


def build(folder):
    root = toy_course.build(folder / "toy")
    (root / "exercises/01_slopes/README.md").write_text("# Slopes\n\nA *slope* is steep.\n")
    return root


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch):
    for variable in ("FORCE_COLOR", "NO_COLOR", "TTY_COMPATIBLE", "COLUMNS", "LINES"):
        monkeypatch.delenv(variable, raising=False)


@pytest.fixture
def root(tmp_path):
    return build(tmp_path)


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """One course with one `kata` for many tests: each start takes seconds."""
    root = build(tmp_path_factory.mktemp("shared"))
    terminal = Terminal(root)
    terminal.shows("importing torch", "01_slopes   0 of 2 tasks done")
    terminal.opening = terminal.shows("judged in")
    yield root, terminal
    toy_course.end(terminal.child)


@pytest.fixture
def at(shared):
    """Save an answer, none being the stub, and wait until it is judged and shown."""
    root, terminal = shared
    exercise = course.Exercise(root, "01_slopes")

    def save(text=None, *words):
        exercise.file.write_text(text or stubs.derive(SOLVED))
        # Away from where it may be, and back: opened anew.
        terminal.press("\x1b")
        terminal.pump(0.2)
        terminal.press("n", "02_shapes")
        terminal.press("p", "01_slopes   ", "judged in", *(words or ["· double  · halve"]))
        return terminal, exercise

    yield save
    (root / ".gradkata/hints.json").unlink(missing_ok=True)
    terminal.press("\x1b")
    terminal.press("p")


@pytest.fixture
def slopes(root):
    return course.Exercise(root, "01_slopes")


@pytest.fixture
def kata(root):
    started = []

    def start(**variables):
        terminal = Terminal(root, **variables)
        started.append(terminal)
        return terminal

    yield start
    for terminal in started:
        toy_course.end(terminal.child)


def saved_at_once(file, text):
    """Save as many editors do: write a new file, then rename it."""
    draft = file.with_name(f".{file.name}.new")
    draft.write_text(text)
    draft.replace(file)


# From the start to a verdict


def test_it_opens_at_the_first_unfinished_exercise_and_judges_it_at_once(shared):
    _, terminal = shared

    text = terminal.opening

    assert "01_slopes   0 of 2 tasks done" in text
    assert "· double  · halve" in text
    assert "· double   exercises/01_slopes/slopes.py:8   to do" in text
    assert "read the lesson (e), write the body in your editor, and save" in text
    assert (
        "n next  p previous  l list  o open  h hint  e lesson  t test  s solution  r reset  q quit"
        in text
    )


def test_each_save_is_judged_and_shown(at):
    terminal, slopes = at()

    slopes.file.write_text(WRONG)
    text = terminal.shows("✓ double  ✗ halve")
    assert "✗ halve   exercises/01_slopes/slopes.py:11" in text
    assert "    0.5 == 1" in text
    assert (
        "    found by test_two_becomes_one\n      exercises/01_slopes/tests/test_halve.py:7" in text
    )

    saved_at_once(slopes.file, SOLVED.replace("2 * x", "3 * x"))
    terminal.shows("✗ double  ✓ halve")

    slopes.file.write_text(SOLVED)
    terminal.shows("✓ double  ✓ halve", "01_slopes is done: you can now double and halve")


def test_a_done_exercise_names_our_solution_and_offers_the_next(at):
    words = ("01_slopes is done", "(s): solutions/01_slopes/slopes.py\n", "next: 02_shapes")
    terminal, _ = at(SOLVED, *words)

    # A click on the path opens it in an editor; on a link it would open what runs Python files.
    assert b"\x1b]8;" not in terminal.raw
    terminal.press("n", "02_shapes   0 of 2 tasks done", "judged in")


def test_a_syntax_error_is_shown_and_gone_when_it_is_mended(at):
    terminal, slopes = at()

    slopes.file.write_text(SOLVED.replace("def halve(", "def halve"))
    terminal.shows("✗ 01_slopes   error: exercises/01_slopes/slopes.py:11", "SyntaxError")

    slopes.file.write_text(SOLVED)
    assert "SyntaxError" not in terminal.shows("01_slopes is done")


def test_what_a_wrong_task_printed_is_shown_below_it(at):
    prints = SOLVED.replace("return x / 2", "print('x is', x); return x / 4")

    at(prints, "0.5 == 1", "printed:", "x is 2")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("import os; os._exit(0)", "    the process ended with code 0 in the middle of a test"),
        ("import ctypes; ctypes.string_at(0)", "    the process ended by SIGSEGV"),
        ("x = 'x' * 10**11", "out of memory"),
    ],
    ids=["exit", "segmentation fault", "memory"],
)
def test_an_answer_that_ends_its_process_is_a_sentence_on_the_screen(body, words, at):
    at(SOLVED.replace("return x / 2", body), words, "✓ double  ✗ halve")


def test_a_loop_without_end_is_stopped_with_its_line(at):
    # It sleeps, for the processor has other tests to run.
    sleeps = ENDLESS.replace("while True: pass", "import time\n    while True: time.sleep(0.01)")

    at(sleeps, "it does not end: stopped after 10 s", "slopes.py:15", "✓ double  ✗ halve")


def test_the_task_that_was_changed_is_shown_before_the_others_are_judged(at):
    slow = SOLVED.replace("return 2 * x", "import time; time.sleep(2); return 2 * x")
    terminal, slopes = at(slow.replace("x / 2", "x / 4"), "✓ double  ✗ halve")

    slopes.file.write_text(slow)

    text = terminal.shows("judging the others …")
    assert "✓ double  ✓ halve" in text
    assert "01_slopes is done" not in text
    terminal.shows("01_slopes is done", "judged in")


# Saves at bad moments


def test_a_save_while_judging_drops_what_is_under_way(at):
    terminal, slopes = at()
    slopes.file.write_text(ENDLESS)
    terminal.shows("judging …")

    started = time.monotonic()
    slopes.file.write_text(SOLVED)
    terminal.shows("01_slopes is done")

    assert time.monotonic() - started < 9


def test_of_several_saves_in_a_burst_the_last_one_counts(at):
    terminal, slopes = at()

    for number in range(20):
        slopes.file.write_text(WRONG + f"# {number}\n")
        time.sleep(0.02)
    slopes.file.write_text(SOLVED)

    terminal.shows("01_slopes is done")
    terminal.pump(1.5)
    terminal.shows("01_slopes is done", "judged in")


def test_a_file_that_is_deleted_and_put_back_is_judged_again(at):
    terminal, slopes = at()

    slopes.file.unlink()
    terminal.shows("there is no such file; kata reset 01 brings the stub back")

    slopes.file.write_text(SOLVED)
    terminal.shows("01_slopes is done")


def test_a_changed_test_is_judged_by_the_new_one(at):
    terminal, slopes = at(WRONG, "✗ halve")
    tests = slopes.tests_of("halve")

    # Of another length: an older pytest tells two texts of one second by nothing else.
    tests.write_text(toy_course.TEST_HALVE.replace("halve(2) == 1", "halve(4.0) == 1"))
    terminal.shows("01_slopes is done")

    tests.write_text(toy_course.TEST_HALVE)
    terminal.shows("✗ halve", "judged in")


def test_where_the_system_tells_neither_of_a_save_nor_of_another_size_both_are_seen(
    kata, slopes, tmp_path
):
    # A watcher that never tells, in place of the real one.
    (tmp_path / "watchfiles.py").write_text(
        "def watch(*_, stop_event, **__):\n    stop_event.wait()\n    yield set()\n"
    )
    (tmp_path / "sitecustomize.py").write_text("import signal; del signal.SIGWINCH")
    path = toy_course.child_environment()["PYTHONPATH"]
    terminal = kata(PYTHONPATH=f"{tmp_path}{os.pathsep}{path}")
    terminal.shows("judged in")

    terminal.resize(30, 40)
    terminal.loses("n next  p previous  l list  o open")
    terminal.shows("n:next p:back l:list o:open", "q:quit")

    slopes.file.write_text(SOLVED)
    terminal.shows("01_slopes is done")


# All is done


@pytest.fixture
def all_but_one_task(at):
    """Leave one task of the first exercise to do, the other exercise being known to be done."""
    terminal, slopes = at(WRONG, "✗ halve")
    shapes = course.Exercise(slopes.root, "02_shapes")
    stub = shapes.file.read_text()

    def leave(text):
        # As if it had been so before: kata goes where a file is saved.
        written = shapes.file.stat().st_mtime_ns
        shapes.file.write_text(text)
        os.utime(shapes.file, ns=(written, written))
        progress.remember_states(shapes, {"Square": "done", "perimeter": "done"})
        return terminal, slopes, shapes

    yield leave
    shapes.file.write_text(stub)


def test_when_all_is_done_everything_is_judged_again_before_it_says_so(all_but_one_task):
    terminal, slopes, _ = all_but_one_task(toy_course.SHAPES)

    slopes.file.write_text(SOLVED)

    terminal.shows("all 4 tasks of the course are done")


# Keys


def test_the_list_shows_states_and_opens_what_is_picked(at):
    terminal, _ = at(WRONG, "✗ halve")

    terminal.press("l", "every exercise", "> 01_slopes   1 of  2", "✓ double  ✗ halve")
    terminal.press("\x1b[B", "> 02_shapes   0 of  2", "· Square  · perimeter")
    terminal.press("\r", "02_shapes   0 of 2 tasks done", "judged in")


def test_the_test_that_found_a_fault_is_shown_below_it(at):
    terminal, _ = at(WRONG, "✗ halve")

    text = terminal.press("t", "halve: the test that found the fault", "0.5 == 1")

    assert "def test_two_becomes_one():\n    assert slopes.halve(2) == 1\n" in text
    terminal.press("\x1b", "01_slopes   1 of 2")


def test_reset_asks_and_keeps_the_learners_file(at):
    terminal, slopes = at(WRONG, "✗ halve")

    terminal.press("r", "becomes the stub again; your file is kept beside it. Reset it?")
    terminal.press("n", "nothing is done")
    assert slopes.file.read_text() == WRONG

    terminal.press("r", "Reset it?")
    terminal.press("y", "· double  · halve")
    newest = max(slopes.folder.glob("slopes.kept-*.py"), key=lambda file: file.stat().st_mtime_ns)
    assert newest.read_text() == WRONG


def test_a_key_without_a_name_does_nothing(at):
    terminal, _ = at()

    terminal.child.send("\x1b[C\x1bOP")

    terminal.press("z", "no key 'z' here")


# The terminal


def test_a_narrow_window_loses_nothing(at):
    terminal, _ = at(WRONG, "✗ halve")

    terminal.resize(20, 60)

    words = ("n:next", "p:back", "h:hint", "s:ours", "q:quit")
    terminal.shows("01_slopes   1 of 2", "judged in", "✓ double  ✗ halve", "0.5 == 1", *words)
    terminal.resize(30, 100)
    terminal.shows("  ".join(("n next", "p previous", "l list", "o open", "h hint")))


def test_a_terminal_that_knows_no_size_is_taken_for_80_columns(kata):
    terminal = kata(columns=0, lines=0)

    terminal.child.expect_exact(b"importing torch")
    terminal.child.expect_exact(b"n:next p:back")


def test_there_are_no_colours_where_none_are_wanted(kata):
    terminal = kata(NO_COLOR="1")

    terminal.shows("importing torch", "· double")

    assert b"\x1b[33m" not in terminal.raw
    assert b"\x1b[1;33m" not in terminal.raw


def test_colours_are_there_otherwise(at):
    terminal, _ = at(None, "· double")

    assert b"\x1b[33m" in terminal.raw


def test_in_a_pipe_it_judges_once_and_prints_plainly(root, slopes):
    slopes.file.write_text(WRONG)

    found = subprocess.run(
        [sys.executable, "-c", toy_course.RUN],
        cwd=root,
        env=toy_course.child_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )

    assert "\x1b" not in found.stdout
    assert found.stdout.startswith("01_slopes  ✓ double  ✗ halve\n")
    assert "\n    0.5 == 1\n" in found.stdout
    assert found.stdout.endswith("next: pytest exercises/01_slopes\n")


# The end


def family(pid):
    return psutil.Process(pid).children(recursive=True)


def is_gone(process):
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


ENDINGS = {
    "q": lambda terminal: terminal.child.send("q"),
    "Ctrl-C": lambda terminal: terminal.child.sendintr(),
    "terminated": lambda terminal: terminal.child.kill(signal.SIGTERM),
    "hung up": lambda terminal: terminal.child.kill(signal.SIGHUP),
    "killed": lambda terminal: terminal.child.kill(signal.SIGKILL),
}


@pytest.mark.parametrize(
    ("moment", "ending"),
    [
        *(("while judging", ending) for ending in ENDINGS),
        ("at once", "killed"),
        ("at rest", "Ctrl-C"),
    ],
)
def test_no_process_is_left_however_it_ends(moment, ending, kata, slopes):
    note = slopes.root / "begun"
    if moment == "while judging":
        begin = f"open({str(note)!r}, 'w').close()"
        slopes.file.write_text(ENDLESS.replace("while True", f"{begin}\n    while True"))
    terminal = kata()
    terminal.shows("importing torch")
    while moment == "while judging" and not note.exists():
        terminal.pump()
    if moment == "at rest":
        terminal.shows("judged in")
    everybody = family(terminal.child.pid)

    ENDINGS[ending](terminal)

    terminal.ended()
    psutil.wait_procs(everybody, timeout=10)
    assert [process for process in everybody if not is_gone(process)] == []


@pytest.fixture
def in_a_program(root):
    """`kata` in a program that says at the end whether the terminal is as it was."""
    program = (
        "import subprocess, sys, termios\n"
        "before = termios.tcgetattr(0)\n"
        f"code = subprocess.call([sys.executable, '-c', {toy_course.RUN!r}])\n"
        "print('code', code, 'same', termios.tcgetattr(0) == before)\n"
    )
    child = pexpect.spawn(
        sys.executable,
        ["-c", program],
        cwd=root,
        env=toy_course.child_environment() | {"TERM": "xterm-256color"},
        dimensions=(30, 100),
        timeout=PATIENCE,
    )
    yield child
    toy_course.end(child)


def demand_as_it_was(child, code):
    child.expect_exact(b"\x1b[?25h\x1b[?1049l")
    child.expect(rb"code (-?\d+) same (\w+)")
    assert child.match.groups() == (b"%d" % code, b"True")


def test_q_at_rest_leaves_the_terminal_as_it_was_and_no_process(in_a_program):
    in_a_program.expect_exact(b"judged in")
    everybody = family(in_a_program.pid)

    in_a_program.send("q")

    demand_as_it_was(in_a_program, 0)
    psutil.wait_procs(everybody, timeout=10)
    assert [process for process in everybody if not is_gone(process)] == []


@pytest.mark.parametrize(("ending", "code"), [("SIGINT", 0), ("SIGTERM", 143), ("SIGQUIT", 131)])
def test_the_terminal_is_left_as_it_was(ending, code, in_a_program):
    in_a_program.expect_exact(b"importing torch")

    # To kata alone: the program around it would end too.
    os.kill(family(in_a_program.pid)[0].pid, signal.Signals[ending])

    demand_as_it_was(in_a_program, code)


def test_after_the_end_it_says_where_the_learner_stands(kata):
    terminal = kata()
    terminal.shows("importing torch")
    terminal.child.send("q")

    assert terminal.ended() == 0
    assert b"0 of 4 tasks done" in terminal.raw.rpartition(b"\x1b[?1049l")[2]


def test_it_uses_no_processor_while_nothing_is_saved(at):
    terminal, _ = at()
    terminal.pump(2)
    everybody = [psutil.Process(terminal.child.pid), *family(terminal.child.pid)]

    def used():
        return sum(sum(process.cpu_times()[:2]) for process in everybody)

    before = used()
    terminal.pump(5)

    assert used() - before <= 0.05


def test_suspended_it_gives_the_terminal_back_and_goes_on(at):
    terminal, _ = at()

    terminal.child.send("\x1a")
    time.sleep(1)
    terminal.pump(0.5)
    assert psutil.Process(terminal.child.pid).status() == psutil.STATUS_STOPPED
    assert terminal.raw.endswith(b"\x1b[?25h\x1b[?1049l")

    terminal.child.kill(signal.SIGCONT)
    terminal.press("n", "02_shapes   0 of 2", "judged in")


@pytest.mark.parametrize(
    ("sent", "keys"),
    [
        ("n", ["n"]),
        ("np", ["n", "p"]),
        ("\x1b[A\x1bOB", ["up", "down"]),
        ("\x1b", ["escape"]),
        ("\x1bp", ["escape", "p"]),
        ("\x1b[99~", []),
        ("\x1b[C", []),
        ("\x1b[1;5A\x1bOPq", ["q"]),
        ("\r\x7f ", ["enter", "backspace", " "]),
    ],
)
def test_what_a_terminal_sends_is_told_apart(sent, keys):
    assert keys_in(sent) == keys
