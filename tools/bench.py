"""Measure what the course promises about speed, each in one run beside what it is compared with.

Every figure is a median of several, but for the whole course, which runs once. A ratio is taken
within one run, for timings of a busy machine are comparable to nothing else. It prints tables in
Markdown.
"""

from __future__ import annotations

import argparse
import datetime
import math
import os
import platform
import select
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from gradkata import course  # noqa: E402
from gradkata.course import Exercise, progress  # noqa: E402
from gradkata.room import member  # noqa: E402

# A plugin that notes what of these packages a run of the tests has imported.
PROBE = """
import pathlib, sys
def pytest_sessionfinish():
    whole = {"torch", "torchgen", "numpy", "sympy", "matplotlib"}
    names = [name for name in sys.modules if name.split(".")[0] in whole]
    pathlib.Path("imported").write_text(" ".join(names))
"""
# What a plain script pays for the same: Python itself, and these imports.
PLAIN = """
import contextlib, importlib, pathlib
for name in pathlib.Path("imported").read_text().split():
    with contextlib.suppress(ImportError):
        importlib.import_module(name)
"""
LAST = "99_last"
NO_ROOM = "no room"
SLOW = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
# What is said by each kind of room that a learner may have joined.
ROOMS: dict[str, str | None] = {
    "was not joined": NO_ROOM,
    "answers": 'HTTP/1.1 200 OK\r\nContent-Length: 32\r\n\r\n{"stored": true, "hand": false}  ',
    "is gone": "",
    "never answers": None,
    "answers a letter a second": SLOW,
    "answers garbage": "\0garbage" * 1000,
    "redirects": "HTTP/1.1 302 There\r\nLocation: /there\r\nContent-Length: 0\r\n\r\n",
}
FIRST = 1.25
KATA = [sys.executable, "-c", "from gradkata.cli import main; main()"]
SLOWEST = 60.0  # seconds to wait for anything


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--saves", type=int, default=50, help="for each exercise (default: 50)")
    parser.add_argument("--cold", type=int, default=3, help="cold runs of each (default: 3)")
    parser.add_argument("exercises", nargs="*", help="numbers; without them, all")
    asked = parser.parse_args()
    # A learner's Python writes bytecode, and pytest keeps its rewritten tests.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with copy_of_the_course() as root:
        every = [e for e in course.exercises(root) if e.name != LAST]
        chosen = [e for e in every if not asked.exercises or e.number in asked.exercises]
        for line in report(chosen, asked.saves, asked.cold):
            print(line, flush=True)  # noqa: T201


@contextmanager
def copy_of_the_course() -> Iterator[Path]:
    """Copy what is needed, with the solutions as the learner's answers."""
    with tempfile.TemporaryDirectory(prefix="gradkata-bench-") as folder:
        root = Path(folder, "course")
        for name in ("exercises", "solutions"):
            shutil.copytree(ROOT / name, root / name)
        for name in ("pyproject.toml", "conftest.py"):
            shutil.copy(ROOT / name, root)
        for exercise in course.exercises(root):
            shutil.copy(exercise.solution, exercise.file)
        _add_one_to_do(Exercise(root, LAST))
        yield root


def _add_one_to_do(exercise: Exercise) -> None:
    """Add an exercise that is never done: when all are, kata judges the whole course again."""
    exercise.tests.mkdir(parents=True)
    exercise.solution.parent.mkdir()
    exercise.solution.write_text("def f() -> None:\n    return None\n", encoding="utf-8")
    exercise.file.write_text("def f() -> None:\n    raise NotImplementedError\n", encoding="utf-8")
    test = "import pytest\nimport last\n\npytestmark = pytest.mark.task('f')\n\n\n"
    test += "def test_f():\n    last.f()\n"
    exercise.tests_of("f").write_text(test, encoding="utf-8")


def report(exercises: Sequence[Exercise], saves: int, cold: int) -> Iterator[str]:
    """Yield the lines of the report."""
    root = exercises[0].root
    yield f"{datetime.date.today():%Y-%m-%d}, {machine()}"
    yield ""
    floor = seconds_of([sys.executable, "-c", "import torch"], root, cold)
    command = seconds_of([sys.executable, "-c", "import gradkata.cli.app"], root, 2 * cold)
    yield "| what | seconds | a plain script | ratio | budget |"
    yield "| --- | --- | --- | --- | --- |"
    yield f"| `import torch` | {floor:.2f} | | | the floor |"
    yield f"| importing the command line | {command:.2f} | | | 0.25 s |"
    for exercise in exercises:
        judged = cold_run(exercise, cold)
        if exercise.number == "01":
            beside, budget, most = floor, "1.5 × import torch", 1.5 * floor
        else:
            beside = plain_script(exercise.root, cold, pytest(exercise))
            budget, most = "1.2 × + 0.4 s", 1.2 * beside + 0.4
        yield (
            f"| {exercise.name}, cold | {judged:.2f} | {beside:.2f} | {judged / beside:.2f} "
            f"| {budget}: {most:.2f} s |"
        )
    if len(exercises) > 1:
        whole = seconds_of(pytest(*exercises), root, 1)
        yield f"| these {len(exercises)} exercises, one process | {whole:.1f} | | | 15 s |"
    yield ""
    title = f"the first verdict, at most {FIRST:g} × a cold pytest"
    yield f"| {title} | `pytest` | `kata` | ratio | `kata check` | ratio |"
    yield "|" + " --- |" * 6
    for exercise in exercises:
        yield first_verdict(exercise, cold + 2)
    yield ""
    yield (
        "| from saving a file to the verdict on the screen | the changed task: median "
        "| 95th percentile | every task: median | 95th percentile | the tests' own time "
        "| pytest-watcher | faster: the changed task | every task |"
    )
    yield "|" + " --- |" * 9
    for exercise in exercises:
        yield saved_to_judged(exercise, saves, cold).row()
    yield ""
    title = f"{exercises[0].name}, joined to a room that"
    yield f"| {title} | `kata check` | ratio | saved to judged: median | ratio |"
    yield "|" + " --- |" * 5
    yield from beside_rooms(exercises[0], cold + 2, min(saves, 4))


def machine() -> str:
    """Say what this is measured on."""
    import torch

    from gradkata.judging.runner import cores

    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    return (
        f"{platform.system()} on {cores()} cores ({_processor()}), Python "
        f"{platform.python_version()}, torch {torch.__version__}, load {load:.1f} at the start"
    )


def _processor() -> str:
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def pytest(*exercises: Exercise) -> list[str]:
    """Return the command of a cold run."""
    paths = [f"exercises/{exercise.name}" for exercise in exercises]
    return [sys.executable, "-m", "pytest", "-q", *paths]


def plain_script(root: Path, times: int, command: Sequence[str]) -> float:
    """Return the seconds of a script that imports what a run of the tests does, and no more."""
    (root / "probe.py").write_text(PROBE, encoding="utf-8")
    search = environment()["PYTHONPATH"] + os.pathsep + str(root)
    noted = environment() | {"PYTHONPATH": search}
    subprocess.run([*command, "-p", "probe"], cwd=root, env=noted, check=True, capture_output=True)
    return seconds_of([sys.executable, "-W", "ignore", "-c", PLAIN], root, times)


def cold_run(exercise: Exercise, times: int) -> float:
    """Return the median seconds of `pytest` on an exercise, in a new process each time."""
    return seconds_of(pytest(exercise), exercise.root, times)


def seconds_of(command: Sequence[str], root: Path, times: int) -> float:
    """Return the median seconds of a command; once before that it runs unmeasured."""
    took = [seconds_once(command, root) for _ in range(times + 1)]
    return statistics.median(took[1:])


def seconds_once(command: Sequence[str], root: Path) -> float:
    """Return the seconds of a command."""
    started = time.perf_counter()
    subprocess.run(command, cwd=root, env=environment(), check=True, capture_output=True)
    return time.perf_counter() - started


def environment() -> dict[str, str]:
    """Return an environment in which the harness of this clone is found."""
    return os.environ | {"PYTHONPATH": str(ROOT / "src"), "TERM": "xterm-256color"}


@dataclass(frozen=True)
class Saves:
    """What saving one exercise again and again took, in seconds.

    Args:
        name: of the exercise.
        took: of each save, to the verdict on the changed task and to that on every task.
        own: the time of the tests themselves, as pytest reports it.
        yardstick: the same by the usual watch tool.
    """

    name: str
    took: list[tuple[float, float]]
    own: float
    yardstick: float

    def row(self) -> str:
        """Return a row of the table."""
        cells, ratios = [self.name], []
        for seconds in zip(*self.took, strict=True):
            median = statistics.median(seconds)
            late = statistics.quantiles(seconds, n=20)[-1]
            cells += [f"{median:.3f} s", f"{late:.3f} s"]
            ratios.append(f"{self.yardstick / median:.0f} ×")
        cells += [f"{self.own:.3f} s", f"{self.yardstick:.2f} s", *ratios]
        return f"| {' | '.join(cells)} |"


def first_verdict(exercise: Exercise, times: int) -> str:
    """Return a row: from typing `kata` to a verdict, and a check, in turn with a cold run."""
    took = []
    for _ in range(times):
        cold = seconds_once(pytest(exercise), exercise.root)
        with Screen([*KATA, exercise.number], exercise.root) as screen:
            first = screen.until(b"judged in")[0]
        took.append((cold, first, seconds_once([*KATA, "check", exercise.number], exercise.root)))
    cold, first, check = (statistics.median(column) for column in zip(*took, strict=True))
    cells = (
        f"{cold:.2f} s | {first:.2f} s | {first / cold:.2f} | {check:.2f} s | {check / cold:.2f}"
    )
    return f"| {exercise.name} | {cells} |"


def saved_to_judged(exercise: Exercise, saves: int, cold: int) -> Saves:
    """Save an exercise again and again under `kata` and under pytest-watcher."""
    # kata opens at the first unfinished exercise.
    for other in course.exercises(exercise.root):
        state = "wrong" if other in (exercise, Exercise(exercise.root, LAST)) else "done"
        progress.remember_states(other, dict.fromkeys(other.tasks, state))
    with Screen(KATA, exercise.root) as screen:
        screen.until(b"judged in")
        words = (b"judging the others", b"judged in")
        took = [screen.save(exercise, number, *words) for number in range(saves + 1)][1:]
    # What it watches by itself, *.py, matches in no folder with some versions of its library.
    watcher = [sys.executable, "-m", "pytest_watcher", "--now", "--patterns", "**/*.py", "."]
    watcher.append(f"exercises/{exercise.name}")
    with Screen(watcher, exercise.root) as screen:
        # What is saved before it is back at rest, it does not see.
        words = (b"tasks done", b"Press w to show menu")
        screen.until(*words)
        yardstick = [screen.save(exercise, n, *words)[0] for n in range(cold)]
    pairs = [(min(first, whole), whole) for first, whole in took]
    return Saves(exercise.name, pairs, own_time(exercise), statistics.median(yardstick))


def beside_rooms(exercise: Exercise, times: int, saves: int) -> Iterator[str]:
    """Yield a row for each kind of room that a learner may have joined; the first is none."""
    for other in course.exercises(exercise.root):
        state = "wrong" if other in (exercise, Exercise(exercise.root, LAST)) else "done"
        progress.remember_states(other, dict.fromkeys(other.tasks, state))
    rooms = {kind: StandIn(answer) for kind, answer in ROOMS.items()}
    checks: dict[str, list[float]] = {kind: [] for kind in rooms}
    saved: dict[str, list[float]] = {kind: [] for kind in rooms}
    # Every room in each round, for a machine is not as busy all the time.
    for _ in range(times):
        for kind, room in rooms.items():
            room.enter(exercise.root)
            checks[kind].append(seconds_once([*KATA, "check", exercise.number], exercise.root))
            with Screen([*KATA, exercise.number], exercise.root) as screen:
                screen.until(b"judged in")
                several = range(saves + 1)
                took_each = [screen.save(exercise, n, b"judged in")[0] for n in several]
            saved[kind] += took_each[1:]
    rows = [
        (kind, statistics.median(checks[kind]), statistics.median(saved[kind])) for kind in rooms
    ]
    member.forget(exercise.root)
    _, check, save = rows[0]
    for kind, checked, took in rows:
        first = f"{checked:.2f} s | {checked / check:.2f}"
        yield f"| {kind} | {first} | {took:.3f} s | {took / save:.2f} |"


class StandIn:
    """Takes connections where a learner thinks that the room is.

    Args:
        answer: what it says to each; None says nothing, and "" is no room at all.
    """

    def __init__(self, answer: str | None) -> None:
        self.answer = answer
        self.taken: list[socket.socket] = []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        if answer == "":
            self.socket.close()
        else:
            threading.Thread(target=self._serve, daemon=True).start()

    def enter(self, root: Path) -> None:
        """Let the learner be in this room, and in no other."""
        member.forget(root)
        if self.answer != NO_ROOM:
            address = member.Address("http", "127.0.0.1", self.port, "7QK4")
            member.write(root, member.Member(address, "Ada", "secret"))

    def _serve(self) -> None:
        while True:
            taken, _ = self.socket.accept()
            self.taken.append(taken)
            threading.Thread(target=self._answer, args=(taken,), daemon=True).start()

    def _answer(self, taken: socket.socket) -> None:
        with suppress(OSError):
            taken.recv(2**16)
            if self.answer != SLOW:
                taken.sendall((self.answer or "").encode())
            for letter in SLOW * (self.answer == SLOW):
                taken.sendall(letter.encode())
                time.sleep(1)
            if self.answer is not None:
                taken.close()


def own_time(exercise: Exercise) -> float:
    """Return the median seconds of the exercise's tests, as pytest reports them when warm."""
    from gradkata.judging.runner import get_the_rest_ready, judge

    get_the_rest_ready()  # else imports are among it
    records = [judge(exercise, exercise.root / "exercises") for _ in range(6)]
    return statistics.median(sum(task.seconds for task in r.tasks) for r in records[1:])


class Screen:
    """A program in a terminal of its own."""

    def __init__(self, command: Sequence[str], root: Path) -> None:
        self.master, end = _terminal()
        self.process = subprocess.Popen(
            command, cwd=root, env=environment(), stdin=end, stdout=end, stderr=end
        )
        os.close(end)

    def __enter__(self) -> Screen:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        with suppress(OSError):
            while self._ready(0.5):
                os.read(self.master, 1 << 16)
        self.process.wait()
        os.close(self.master)

    def _ready(self, seconds: float) -> bool:
        return bool(select.select([self.master], [], [], seconds)[0])

    def until(self, *words: bytes) -> list[float]:
        """Wait for the last of the words on the screen, and return the seconds until each.

        Those that do not come take for ever.
        """
        started, seen = time.perf_counter(), b""
        took = dict.fromkeys(words, math.inf)
        while math.isinf(took[words[-1]]):
            if not self._ready(SLOWEST):
                raise TimeoutError(f"no {words[-1]!r} within {SLOWEST:g} s: {seen[-2000:]!r}")
            try:
                seen += os.read(self.master, 1 << 16)
            except OSError:
                raise RuntimeError(f"it ended: {seen.decode(errors='replace')}") from None
            for word in words:
                if word in seen and math.isinf(took[word]):
                    took[word] = time.perf_counter() - started
        return list(took.values())

    def save(self, exercise: Exercise, number: int, *words: bytes) -> list[float]:
        """Save an answer, changed in one of its tasks in turn, and return what `until` does."""
        # At rest, as between two thoughts; not in step with anything that looks at intervals.
        time.sleep(0.4 + number % 7 * 0.013)
        while self._ready(0):
            os.read(self.master, 1 << 16)
        text = exercise.solution.read_text(encoding="utf-8")
        task = exercise.tasks[number % len(exercise.tasks)]
        lines = text.split("\n")
        lines.insert(course.definitions(text)[task].last, f"    # save {number}")
        exercise.file.write_text("\n".join(lines), encoding="utf-8")
        return self.until(*words)


def _terminal() -> tuple[int, int]:
    """Return what is read to see a terminal's screen, and the end that a program has."""
    if sys.platform == "win32":
        raise OSError("what is measured needs a terminal of its own, which Windows has not")
    import pty
    import termios

    master, end = pty.openpty()
    termios.tcsetwinsize(end, (30, 100))
    return master, end


if __name__ == "__main__":
    main()
