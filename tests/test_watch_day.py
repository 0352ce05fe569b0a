"""`kata` in a real terminal through a day's use: many faults, other files, odd keys, odd places."""

import os
import re
import shutil
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

pytestmark = [
    pytest.mark.filterwarnings("ignore:.*forkpty.*:DeprecationWarning"),
    pytest.mark.timeout(180),
]

SOLVED = toy_course.SLOPES
STUB = stubs.derive(SOLVED)
PATIENCE = 60  # seconds, for a machine that is busy with other tests


class Terminal:
    """A terminal with `kata` in it, and what it shows."""

    def __init__(self, root, *arguments, columns=80, lines=24, **variables):
        self.screen = pyte.Screen(columns, lines)
        self.stream = pyte.ByteStream(self.screen)
        environment = toy_course.child_environment() | {"TERM": "xterm-256color"} | variables
        for variable in ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE"):
            environment.pop(variable, None)
        self.raw = b""
        self.child = pexpect.spawn(
            sys.executable,
            ["-c", toy_course.RUN, *arguments],
            cwd=root,
            env=environment,
            dimensions=(lines, columns),
            timeout=PATIENCE,
        )

    def pump(self, seconds=0.1):
        """Take in what is written for so long; False at its end."""
        try:
            data = self.child.read_nonblocking(1 << 16, timeout=seconds)
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

    def shows(self, *words):
        """Wait until all the words are on the screen."""
        end = time.monotonic() + PATIENCE
        while not all(w in self.text for w in words):
            assert time.monotonic() < end, self.text
            assert self.pump(), self.text
        return self.text

    def press(self, key, *words):
        self.child.send(key)
        return self.shows(*words)

    def resize(self, lines, columns):
        self.screen.resize(lines, columns)
        self.child.setwinsize(lines, columns)

    def ended(self):
        """Wait for the end, and return the exit code."""
        end = time.monotonic() + PATIENCE
        while self.pump():
            assert time.monotonic() < end, self.text
        self.child.close()
        return self.child.exitstatus


@pytest.fixture
def root(tmp_path):
    root = toy_course.build(tmp_path / "toy")
    (root / "exercises/01_slopes/README.md").write_text("# Slopes\n\nA *slope* is steep.\n")
    return root


@pytest.fixture
def slopes(root):
    return course.Exercise(root, "01_slopes")


@pytest.fixture
def shapes(root):
    return course.Exercise(root, "02_shapes")


@pytest.fixture
def kata(root):
    started = []

    def start(*arguments, **variables):
        terminal = Terminal(root, *arguments, **variables)
        started.append(terminal)
        return terminal

    yield start
    for terminal in started:
        toy_course.end(terminal.child)


# Five wrong tasks on a screen of 80 × 24


NAMES = ("first", "second", "third", "fourth", "fifth")
FIVE = '"""Five."""\n' + "".join(
    f'\n\ndef {name}(x: int) -> int:\n    """Return x and {number}."""\n    return x + {number}\n'
    for number, name in enumerate(NAMES, 1)
)
TEST = """import pytest
import slopes

pytestmark = pytest.mark.task("{name}")


def test_zero_becomes_{number}():
    assert slopes.{name}(0) == {number}, "line\\n" * 5
"""


@pytest.fixture
def five(slopes):
    """An exercise of five tasks, each of which is wrong."""
    shutil.rmtree(slopes.tests)
    slopes.tests.mkdir()
    slopes.solution.write_text(FIVE)
    for number, name in enumerate(NAMES, 1):
        slopes.tests_of(name).write_text(TEST.format(name=name, number=number))
    hints = "".join(f"## {name}\n\n1. Add, in {name}.\n\n" for name in NAMES)
    (slopes.folder / "hints.md").write_text(hints)
    slopes.file.write_text(FIVE.replace("return x +", "return x -"))
    return slopes


def test_of_many_wrong_tasks_the_one_that_was_changed_stands_first(five, kata):
    terminal = kata()

    text = terminal.shows("judged in", "5 ✗ fifth   line ")
    assert re.search(r"judged in \d+\.\d\d s at \d\d:\d\d:\d\d, and again at each save", text)
    assert text.index("✗ first   ") < text.index("wrong too; number or tab shows one:")

    # The bar is one line, and does not reach the last column.
    last = text.split("\n")[-1]
    assert last.startswith("n:next p:back l:list")
    assert last.endswith("q:quit")
    assert len(last) < 80

    five.file.write_text(five.file.read_text().replace("return x - 4", "return x * 4"))
    text = terminal.shows("\n✗ fourth   ", "\n1 ✗ first   ", "judged in")
    assert text.index("✗ fourth   ") < text.index("1 ✗ first   ")
    terminal.press("h", "fourth, hint 1 of 1", "Add, in fourth.")
    terminal.press("\x1b", "\n✗ fourth   ")
    terminal.press("t", "fourth: the test that found the fault")
    terminal.press("\x1b", "\n✗ fourth   ")

    terminal.press("2", "\n✗ second   ", "\n4 ✗ fourth   ")
    terminal.press("h", "second, hint 1 of 1")
    terminal.press("\x1b", "\n✗ second   ")
    terminal.press("\t", "\n✗ third   ", "\n2 ✗ second   ")
    terminal.press("9", "5 tasks are wrong, none has the number 9")

    terminal.resize(18, 80)
    terminal.shows("more lines below", "judged in", "\n✗ third   ")
    terminal.press("\x1b[6~", "5 ✗ fifth   line ")
    terminal.resize(10, 40)
    terminal.shows("n:next l:list h:hint q:quit ?:keys", "\njudged at ")
    text = terminal.press("\t", "✗ fourth   line 19\n", "lines below")
    assert text.startswith("✗ fourth")
    terminal.resize(5, 20)
    terminal.shows("20 columns and 5\nlines are too few; q\nquits")
    terminal.resize(24, 80)
    terminal.press("\x04")
    assert terminal.ended() == 0


# Files of other exercises


def test_where_another_exercise_is_saved_it_goes_there(kata, slopes, shapes):
    slopes.file.write_text(SOLVED)
    shapes.file.write_text(toy_course.SHAPES)
    progress.remember_states(slopes, {"double": "done", "halve": "done"})
    progress.remember_states(shapes, {"Square": "done", "perimeter": "done"})
    terminal = kata()
    terminal.shows("all 4 tasks of the course are done")

    shapes.file.write_text(toy_course.SHAPES.replace("4 * side", "5 * side"))

    text = terminal.shows("02_shapes   1 of 2 tasks done", "✗ perimeter", "judged in")
    assert "of the course are done" not in text

    slopes.file.write_text(SOLVED.replace("x / 2", "x / 4"))
    terminal.shows("01_slopes   1 of 2 tasks done", "✗ halve", "judged in")

    # While it is asked about one, it only says so.
    terminal.press("r", "becomes the stub again")
    shapes.file.write_text(toy_course.SHAPES)
    terminal.shows("saved elsewhere: 02_shapes; l goes there", "becomes the stub again")


# Where it opens


def test_it_opens_what_is_asked_for_and_then_where_one_left_off(kata, slopes, shapes):
    terminal = kata("02")
    terminal.shows("02_shapes   0 of 2 tasks done")
    terminal.child.send("q")
    assert terminal.ended() == 0

    terminal = kata()
    terminal.shows("02_shapes   0 of 2 tasks done")
    terminal.child.send("q")
    assert terminal.ended() == 0

    terminal = kata("HALVE")
    terminal.shows("01_slopes   0 of 2 tasks done")
    terminal.press("h", "halve, hint 1 of 1")


def test_an_editor_has_the_screen_and_its_keys_and_gives_both_back(kata, slopes, tmp_path):
    (tmp_path / "solved.py").write_text(SOLVED)
    script = f'#!/bin/sh\ncp {tmp_path}/solved.py "$2"\necho "at $1"\nread typed\n'
    (tmp_path / "vi").write_text(script)
    (tmp_path / "vi").chmod(0o755)
    terminal = kata("halve", KATA_EDITOR=str(tmp_path / "vi"))
    terminal.shows("judged in")

    terminal.press("o", "at +13")
    # Typed at the editor, they quit nothing.
    terminal.child.send("q\r")

    terminal.shows("01_slopes is done", "a:ways")
    terminal.press("n", "02_shapes")


def test_an_editor_that_could_not_open_the_file_is_told_of(kata, tmp_path):
    (tmp_path / "code").write_text("#!/bin/sh\necho cannot connect\nexit 3\n")
    (tmp_path / "code").chmod(0o755)
    terminal = kata(KATA_EDITOR=str(tmp_path / "code"))
    terminal.shows("judged in")

    terminal.press("o", "code ended with exit code 3")


# The end


@pytest.mark.parametrize(
    ("key", "options"),
    [("q", []), ("\x04", []), ("\x03", []), ("\x03", ["--plain"])],
    ids=["q", "Ctrl-D", "Ctrl-C", "Ctrl-C, plain"],
)
def test_while_torch_is_imported_it_ends_at_once_and_leaves_no_process(
    key, options, kata, tmp_path
):
    # An import of torch that takes a minute.
    (tmp_path / "torch.py").write_text("import time\ntime.sleep(60)\n")
    path = toy_course.child_environment()["PYTHONPATH"]
    terminal = kata(*options, PYTHONPATH=f"{tmp_path}{os.pathsep}{path}")
    terminal.shows("importing torch")
    while len(family := psutil.Process(terminal.child.pid).children(recursive=True)) < 2:
        terminal.pump()

    started = time.monotonic()
    terminal.child.send(key)
    terminal.ended()

    assert time.monotonic() - started < 20
    assert b"Traceback" not in terminal.raw
    _, alive = psutil.wait_procs(family, timeout=10)
    assert [p for p in alive if p.status() != psutil.STATUS_ZOMBIE] == []


# What is not there, or cannot be written


def test_what_cannot_be_read_or_written_is_a_sentence_and_the_watch_goes_on(kata, slopes):
    mine = SOLVED.replace("x / 2", "x / 4")
    slopes.file.write_text(mine)
    # A file where the folder would be: also one who may write everywhere cannot.
    (slopes.root / ".gradkata").write_text("")
    terminal = kata()
    terminal.shows("✓ double  ✗ halve", "judged in")
    slopes.solution.rename(slopes.root / "away.py")

    terminal.press("r", "cannot use solutions/01_slopes/slopes.py: No such file or directory")
    terminal.press("s", "Show our solution?")
    terminal.press("y", "cannot use solutions/01_slopes/slopes.py")
    (slopes.root / "away.py").rename(slopes.solution)
    slopes.lesson.unlink()
    terminal.press("e", "cannot use exercises/01_slopes/README.md")

    slopes.file.write_text(SOLVED.replace("2 * x", "3 * x"))
    terminal.shows("✗ double  ✓ halve", "judged in")
    terminal.press("h", "double, hint 1 of 2")
    terminal.press("h", "double, hint 2 of 2")


def test_an_encoding_without_the_signs_has_one_set_of_them(kata, slopes):
    slopes.file.write_text(STUB)

    terminal = kata(PYTHONIOENCODING="cp1252")

    text = terminal.shows("- double  - halve", "- double   exercises", "judged in")
    assert "·" not in text
    assert "?" not in text


# Without a screen


def test_plain_it_prints_what_is_new_line_by_line(kata, slopes):
    terminal = kata("--plain", "halve", TERM="dumb", lines=50)
    terminal.shows("01_slopes   0 of 2 tasks done   0 of 4 in the course", "judged in")

    slopes.file.write_text(SOLVED.replace("x / 2", "x / 4"))
    terminal.shows("01_slopes   1 of 2 tasks done   1 of 4 in the course", "    0.5 == 1")
    terminal.press("h\n", "halve, hint 1 of 1", "Divide.")
    terminal.press("\n", "01_slopes   1 of 2")
    terminal.press("q\n")

    assert terminal.ended() == 0
    assert b"\x1b" not in terminal.raw


def test_plain_it_says_once_that_an_exercise_is_done_and_fills_the_lines(kata, slopes):
    slopes.file.write_text(SOLVED)
    slopes.lesson.write_text("word " * 40)
    terminal = kata("--plain", "01", TERM="dumb", columns=100, lines=50)
    terminal.shows("  next: 02_shapes", "judged in")
    terminal.press("e\n", "word\n")

    assert terminal.raw.count(b"01_slopes is done") == 1
    words = next(line for line in terminal.text.split("\n") if line.startswith("word word"))
    assert 90 < len(words) <= 100


LINGERS = """
import time
from gradkata.watch import sources
usual = sources.tell_of_saves
def lingering(*args):
    usual(*args)
    time.sleep(0.3)
    print("nobody watches any more", flush=True)
sources.tell_of_saves = lingering
"""


def test_it_ends_after_what_watches_the_files(root):
    done = subprocess.Popen(
        [sys.executable, "-c", LINGERS + toy_course.RUN, "--plain"],
        cwd=root,
        env=toy_course.child_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert any("judged in" in line for line in done.stdout)

    done.send_signal(signal.SIGINT)

    assert "nobody watches any more" in done.communicate(timeout=PATIENCE)[0]
    assert done.returncode == 0


def test_plain_in_a_pipe_it_goes_on_until_it_is_ended(root, slopes, tmp_path):
    with (tmp_path / "out").open("wb") as out:
        kata = subprocess.Popen(
            [sys.executable, "-c", toy_course.RUN, "--plain"],
            cwd=root,
            env=toy_course.child_environment(),
            stdin=subprocess.DEVNULL,
            stdout=out,
        )

    def prints(words):
        end = time.monotonic() + PATIENCE
        while words not in (text := (tmp_path / "out").read_text(encoding="utf-8")):
            assert time.monotonic() < end, text
            time.sleep(0.1)

    prints("judged in")
    slopes.file.write_text(SOLVED)
    prints("01_slopes is done")
    kata.send_signal(signal.SIGINT)
    assert kata.wait(PATIENCE) == 0
    prints("2 of 4 tasks done")
