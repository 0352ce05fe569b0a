"""However an answer ends, it is judged also where all that Windows lacks is lacking."""

import json
import os
import subprocess
import sys
from types import SimpleNamespace

import pytest
import toy_course
import windows
from test_runner import HALVE, SOLVED, SWALLOWS, survive

from gradkata.judging import worker

pytestmark = [
    pytest.mark.skipif(os.name == "nt", reason="it lacks these names anyway"),
    pytest.mark.timeout(180),
]

ENDLESS_THREAD = """
    import threading, time
    threading.Thread(target=time.sleep, args=[1e6]).start()
    return x / 2"""

# Judges one text after another as they come, and says what it found.
JUDGE = """
import json, os, pathlib, sys
from gradkata import course
from gradkata.judging import runner
from gradkata.judging.protocol import Limits

if __name__ == "__main__":
    assert not hasattr(os, "fork") and not runner.CAN_FORK
    limits = Limits(seconds=8, output=2_000)
    for line in sys.stdin:
        name, text = json.loads(line)
        exercise = course.Exercise(pathlib.Path.cwd(), name)
        if text is not None:
            exercise.file.write_text(text)
        record = runner.judge(exercise, exercise.root / "exercises", limits=limits)
        print(json.dumps(record.as_dict()), flush=True)
"""


# Endings that leave their process to the next task: a new one takes seconds to import torch.
SIDE_BY_SIDE = {
    "right": (HALVE, "done", ""),
    "wrong": ("return x / 4", "wrong", "0.5 == 1"),
    "to_do": ("raise NotImplementedError", "to do", ""),
    "exits": ("import sys; sys.exit()", "wrong", "it calls sys.exit(): return instead"),
    "leaves_a_thread": (ENDLESS_THREAD, "done", ""),
    "closes_stdout": ("import sys; sys.stdout.close(); return x / 2", "done", ""),
    "prints": ("print('x' * 9_999); return x / 2", "done", ""),
}


@pytest.fixture(scope="module")
def judge(tmp_path_factory):
    """A process that judges one answer after another; each must leave it fit for the next.

    It lacks what Windows lacks, and so does what it starts.
    """
    folder = tmp_path_factory.mktemp("windows")
    names, root = windows.build(folder / "names"), toy_course.build(folder / "toy")
    bodies = {task: body for task, (body, _, _) in SIDE_BY_SIDE.items()}
    toy_course.add_endings(root, bodies)
    (root / "judge.py").write_text(JUDGE)
    environment = toy_course.child_environment()
    for variable in ("PYTHONPATH", "PATH"):
        environment[variable] = f"{names}{os.pathsep}{environment[variable]}"
    command = [sys.executable, "judge.py"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=root, env=environment, **pipes) as process:
        yield process


@pytest.fixture
def judged(judge):
    """Judge an answer whose `halve` has the body given, and that begins with some lines more."""

    def judged(body, first=""):
        return ask(judge, "01_slopes", first + "\n" + SOLVED.replace(HALVE, body))

    return judged


def ask(judge, name, text=None):
    """Judge an exercise, with a new answer if there is one."""
    print(json.dumps([name, text]), file=judge.stdin, flush=True)
    return json.loads(judge.stdout.readline())


def states(record):
    return {task["task"]: task["state"] for task in record["tasks"]}


def test_tasks_that_leave_their_process_to_the_next_are_judged_side_by_side(judge):
    record = ask(judge, "07_endings")

    assert record["outcome"] == "ok", record
    ends = {task: state for task, (_, state, _) in SIDE_BY_SIDE.items()}
    rights = {f"right_{number}": "done" for number in range(len(ends) + 1)}
    assert states(record) == rights | ends
    found = {task["task"]: task for task in record["tasks"]}
    said = {task: "\n".join(found[task]["lines"]) for task in ends}
    assert [t for t, (_, _, words) in SIDE_BY_SIDE.items() if words not in said[t]] == []
    assert found["prints"]["printed"] == ["x" * 2_000, "… cut after 2,000 bytes"]


@pytest.mark.parametrize(
    ("body", "outcome", "halve", "words"),
    [
        ("import os; os._exit(3)", "crashed", "wrong", "ended with code 3 in the middle"),
        ("import os; os.abort()", "crashed", "wrong", "ended by SIGABRT in the middle"),
        ("import ctypes; ctypes.string_at(0)", "crashed", "wrong", "ended by SIGSEGV"),
        ("import os; os.closerange(0, 256)", "crashed", "wrong", "closed files that are not"),
        (SWALLOWS, "timeout", "wrong", "does not end: stopped after 4 s"),
        ("import time; time.sleep(1e6)", "timeout", "wrong", "stopped after 4 s"),
        ("raise MemoryError", "out of memory", "wrong", "MemoryError"),
    ],
    ids=[
        *("_exit", "abort", "segmentation fault", "closes all"),
        *("swallows", "sleeps", "memory"),
    ],
)
def test_an_ending_is_told(body, outcome, halve, words, judged):
    record = judged(body)

    assert record["outcome"] == outcome, record
    assert states(record) == {"double": "done", "halve": halve}
    assert words in "\n".join(record["tasks"][1]["lines"])


def test_an_end_at_import_is_the_files_own_fault(judged):
    record = judged(HALVE, first="import os; os._exit(0)")

    assert record["outcome"] == "error"
    assert record["detail"].endswith("\nthe process ended with code 0 at import")


def test_an_answer_that_does_not_end_is_told_with_its_line_and_leaves_nothing(judged, tmp_path):
    note = tmp_path / "pid"
    start = f"""
    child = subprocess.Popen(["sleep", "1000"])
    open({str(note)!r}, "w").write(str(child.pid))
    while True: pass"""

    record = judged(start, first="import subprocess")

    assert record["outcome"] == "timeout", record
    assert states(record) == {"double": "done", "halve": "wrong"}
    assert "does not end: stopped after 4 s" in "\n".join(record["tasks"][1]["lines"])
    assert record["tasks"][1]["place"].endswith("slopes.py:17")
    assert survive([int(note.read_text())]) == []


def test_after_all_that_an_answer_is_judged_rightly(judged):
    assert states(judged("return x / 4")) == {"double": "done", "halve": "wrong"}


def test_a_crash_opens_no_window(monkeypatch):
    modes = []
    flags = {"SEM_FAILCRITICALERRORS": 1, "SEM_NOGPFAULTERRORBOX": 2}
    monkeypatch.setitem(sys.modules, "msvcrt", SimpleNamespace(SetErrorMode=modes.append, **flags))
    monkeypatch.setattr(sys, "platform", "win32")

    worker._open_no_window()

    assert modes == [3]
