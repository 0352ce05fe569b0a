"""What a learner's code prints, raises or is called drives no terminal: it is shown as text."""

import json
import os
import re
import subprocess
import sys
import time
import unicodedata
from xml.etree import ElementTree

import pexpect
import pyte
import pytest
import toy_course

from gradkata import cli

pytestmark = [
    pytest.mark.filterwarnings("ignore:.*forkpty.*:DeprecationWarning"),
    pytest.mark.timeout(180),
]

PATIENCE = 90  # seconds, for a machine that is busy with other tests

# Blanks the screen, sets the title, leaves the alternate screen, paints in red on blue, by two
# encodings of one command; resets, draws lines for letters, hides the cursor, turns text round.
DRIVING = (
    "\x1b[2J\x1b[H\x1b]0;stolen\x07\x1b[?1049l\x1b[31;44m\x9b31m\x9d2;stolen\x9c"
    "\x1bc\x1b(0\x0e\x1b[?25l\x08\x7f\u202e\u2066"
)
VISIBLE = (
    r"\x1b[2J\x1b[H\x1b]0;stolen\x07\x1b[?1049l\x1b[31;44m\x9b31m\x9d2;stolen\x9c"
    r"\x1bc\x1b(0\x0e\x1b[?25l\x08\x7f\u202e\u2066"
)

SLOPES = f'''"""Slopes."""

import logging
import os
import sys
import warnings

DRIVING = {DRIVING!a}


def double(x: float) -> float:
    """Return twice x."""
    print("out", DRIVING)
    print("err", DRIVING, file=sys.stderr)
    os.write(1, f"written {{DRIVING}}\\n".encode())
    logging.getLogger(DRIVING).warning("logged %s", DRIVING)
    warnings.warn(f"warned {{DRIVING}}", type(f"Warned{{DRIVING}}", (UserWarning,), {{}}))
    raise type(f"Named{{DRIVING}}", (ValueError,), {{}})(f"raised {{DRIVING}}")


def halve(x: float) -> float:
    """Return half of x."""
    raise ValueError("in the source {DRIVING}")


halve.__code__ = halve.__code__.replace(co_name=DRIVING, co_qualname=f"called {{DRIVING}}")
'''

# A file that cannot be run, and says so in lines that look like ours.
SHAPES = f"raise ImportError({'at import ' + DRIVING + chr(10) + '✓ Square'!a})\n"


@pytest.fixture
def root(tmp_path, monkeypatch):
    for variable in ("FORCE_COLOR", "NO_COLOR", "TTY_COMPATIBLE", "COLUMNS", "LINES"):
        monkeypatch.delenv(variable, raising=False)
    root = toy_course.build(tmp_path / "toy")
    (root / "exercises/01_slopes/slopes.py").write_text(SLOPES, encoding="utf-8")
    (root / "exercises/02_shapes/shapes.py").write_text(SHAPES, encoding="utf-8")
    return root


KATA = [sys.executable, "-c", toy_course.RUN]
PYTEST = [sys.executable, "-m", "pytest"]


class Terminal:
    """A terminal with a program in it, whose first line is there before the program starts."""

    def __init__(self, root, command):
        self.screen = pyte.Screen(400, 50)
        self.stream = pyte.ByteStream(self.screen)
        self.stream.feed(b"$ it begins\r\n")
        self.raw = b""
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST")}
        environment |= toy_course.child_environment() | {"TERM": "xterm-256color"}
        self.child = pexpect.spawn(
            command[0], list(command[1:]), cwd=root, env=environment, dimensions=(50, 400)
        )

    def shows(self, *words):
        """Wait until all the words are on the screen."""
        end = time.monotonic() + PATIENCE
        while not all(word in self.text for word in words):
            assert time.monotonic() < end, self.text
            self.take_in()

    def take_in(self):
        try:
            data = self.child.read_nonblocking(1 << 16, timeout=1)
        except pexpect.TIMEOUT:
            return True
        except pexpect.EOF:
            return False
        self.raw += data
        self.stream.feed(data)
        return True

    def ended(self):
        """Wait for the end of the program."""
        end = time.monotonic() + PATIENCE
        while self.take_in():
            assert time.monotonic() < end, self.text
        self.child.close()
        return self

    @property
    def text(self):
        return "\n".join(line.rstrip() for line in self.screen.display)

    def colours_of(self, words):
        """Return the colours of the lines that have these words."""
        lines = [n for n, line in enumerate(self.screen.display) if words in line]
        cells = [cell for n in lines for cell in self.screen.buffer[n].values()]
        return {(cell.fg, cell.bg) for cell in cells}


@pytest.fixture
def terminal(root):
    started = []

    def start(*command):
        started.append(Terminal(root, command))
        return started[-1]

    yield start
    for each in started:
        toy_course.end(each.child)


# In a real terminal


FAULTS = [
    f"Named{VISIBLE}: raised {VISIBLE}",
    f"in the source {VISIBLE}",
    f"in called {VISIBLE}",
    f"out {VISIBLE}",
]


def lacking(text, words):
    return [each for each in words if each not in text]


def demand_undriven(terminal):
    """Demand of a terminal, in which a program has ended, that it is as it was before."""
    assert terminal.screen.title == ""
    assert terminal.colours_of("raised ") == {("default", "default")}
    assert terminal.screen.display[0].startswith("$ it begins")
    assert not terminal.screen.cursor.hidden
    assert b"\x1b[?1049" not in terminal.raw


JUNIT = ["--junitxml=found.xml", "-o", "junit_logging=all"]


def demand_visible_junit(root):
    """Demand of the file that these options write that it holds what was raised, visibly."""
    found = (root / "found.xml").read_text(encoding="utf-8")
    text = "".join(ElementTree.fromstring(found).itertext())
    assert lacking(text, [f"raised {VISIBLE}", f"out {VISIBLE}", f"written {VISIBLE}"]) == []
    assert unseen_in(found) == set()


@pytest.mark.parametrize(
    "options",
    [[], ["-n1"], ["--color=yes"]],
    ids=["plainly", "under xdist", "in colour"],
)
def test_pytest_shows_what_would_drive_the_terminal_and_writes_it_visibly(options, root, terminal):
    found = terminal(*PYTEST, *options, *JUNIT).ended()

    demand_undriven(found)
    assert lacking(found.text, [*FAULTS, f"at import {VISIBLE}"]) == []
    demand_visible_junit(root)


def test_pytest_shows_it_in_a_traceback_and_in_what_it_captured(terminal):
    options = [
        "--full-trace",
        "--tb=short",
        "--color=no",
        "-k",
        "becomes_four",
        "exercises/01_slopes",
    ]

    found = terminal(*PYTEST, *options).ended()

    kinds = ("raised", "out", "err", "written", "logged")
    written = found.raw.decode()
    assert lacking(written, [f"{kind} {VISIBLE}" for kind in kinds]) == []
    assert unseen_in(written) == {"\r"}


def test_pytest_shows_it_in_warnings(terminal):
    options = ["-rw", "-k", "becomes_four", "exercises/01_slopes"]

    found = terminal(*PYTEST, *options).ended()

    assert lacking(found.text, [f"Warned{VISIBLE}: warned {VISIBLE}"]) == []
    demand_undriven(found)


def test_kata_check_shows_it(terminal):
    found = terminal(*KATA, "check").ended()

    demand_undriven(found)
    assert lacking(found.text, [*FAULTS, f"at import {VISIBLE}"]) == []


def test_kata_shows_it_and_stays_on_its_own_screen(terminal):
    found = terminal(*KATA)
    found.shows("judged in")

    assert lacking(found.text, FAULTS) == []
    assert found.screen.display[0].startswith("01_slopes   0 of 2 tasks done")
    assert found.screen.display[-1].startswith(("n next  p previous", "n:next p:back"))
    assert found.screen.title == ""
    assert found.colours_of("raised ") == {("default", "default")}
    assert b"\x1b[?1049l" not in found.raw

    found.child.send("n")
    found.shows("02_shapes   0 of 2", f"at import {VISIBLE}")


def test_kata_shows_it_beside_our_solution(terminal):
    found = terminal(*KATA, "solution", "halve", "--yes").ended()

    assert lacking(found.text, [f"in the source {VISIBLE}"]) == []
    assert found.screen.title == ""


def test_kata_shows_it_where_a_picture_cannot_be_drawn(root, terminal):
    # A program that writes to the descriptor itself is not held.
    answer = root / "exercises/01_slopes/slopes.py"
    answer.write_text(re.sub(" *os.write.*\n", "", SLOPES), encoding="utf-8")
    source = "import slopes\n\n\ndef slope():\n    slopes.double(1)\n"
    (root / "exercises/01_slopes/pictures.py").write_text(source)

    found = terminal(*KATA, "plot", "1").ended()

    kinds = ("raised", "out", "err", "warned")
    assert lacking(found.text, [f"{kind} {VISIBLE}" for kind in kinds]) == []
    demand_undriven(found)


# In what other programs read


def unseen_in(text):
    """Return the control characters of a text, but for ends of lines and tabs."""
    return {c for c in text if unicodedata.category(c) in ("Cc", "Cs")} - set("\n\t")


def run(root, command):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST")}
    environment |= toy_course.child_environment() | {"COLUMNS": "200"}
    return subprocess.run(
        command, cwd=root, env=environment, capture_output=True, encoding="utf-8", check=False
    )


def texts_in(value):
    """Yield every text in values that came from JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from texts_in(inner)


def test_the_json_of_kata_check_holds_visible_text(root, monkeypatch, capsys):
    monkeypatch.chdir(root)
    monkeypatch.setattr(sys, "argv", ["kata", "check", "--json"])

    with pytest.raises(SystemExit):
        cli.main()

    texts = "".join(texts_in(json.loads(capsys.readouterr().out)))
    assert f"raised {VISIBLE}" in texts
    assert unseen_in(texts) == set()


@pytest.mark.parametrize(
    "options",
    [["-rA"], ["-vv"], ["--tb=native"], ["-rA", "--full-trace", "--showlocals"]],
    ids=" ".join,
)
def test_whatever_pytest_is_asked_for_is_visible_text(options, root):
    found = run(root, [*PYTEST, *options, *JUNIT])

    assert f"raised {VISIBLE}" in found.stdout
    assert unseen_in(found.stdout + found.stderr) == set()
    demand_visible_junit(root)


def test_a_live_log_can_change_nothing_but_colours(root):
    found = run(root, [*PYTEST, "--log-cli-level=0"])

    assert r"logged \x1b[2J\x1b[H\x1b]0;stolen\x07\x1b[?1049l" in found.stdout
    assert unseen_in(re.sub(r"\x1b\[[\d;]*m", "", found.stdout)) == set()
