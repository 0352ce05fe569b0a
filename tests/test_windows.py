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
    slopes, limits = course.exercises(pathlib.Path.cwd())[0], Limits(seconds=8, output=2_000)
    for text in sys.stdin:
        slopes.file.write_text(json.loads(text))
        record = runner.judge(slopes, slopes.root / "exercises", limits=limits)
        print(json.dumps(record.as_dict()), flush=True)
"""


@pytest.fixture(scope="module")
def judge(tmp_path_factory):
    """A process that judges one answer after another; each must leave it fit for the next.

    It lacks what Windows lacks, and so does what it starts.
    """
    folder = tmp_path_factory.mktemp("windows")
    names, root = windows.build(folder / "names"), toy_course.build(folder / "toy")
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
        text = first + "\n" + SOLVED.replace(HALVE, body)
        print(json.dumps(text), file=judge.stdin, flush=True)
        return json.loads(judge.stdout.readline())

    return judged


def states(record):
    return {task["task"]: task["state"] for task in record["tasks"]}


@pytest.mark.parametrize(
    ("body", "outcome", "halve", "words"),
    [
        (HALVE, "ok", "done", ""),
        ("return x / 4", "ok", "wrong", "0.5 == 1"),
        ("raise NotImplementedError", "ok", "to do", ""),
        ("import os; os._exit(3)", "crashed", "wrong", "ended with code 3 in the middle"),
        ("import sys; sys.exit()", "ok", "wrong", "it calls sys.exit(): return instead"),
        ("import os; os.abort()", "crashed", "wrong", "ended by SIGABRT in the middle"),
        ("import ctypes; ctypes.string_at(0)", "crashed", "wrong", "ended by SIGSEGV"),
        ("import os; os.closerange(0, 256)", "crashed", "wrong", "closed files that are not"),
        ("\n    while True: pass", "timeout", "wrong", "does not end: stopped after 4 s"),
        (SWALLOWS, "timeout", "wrong", "does not end: stopped after 4 s"),
        ("import time; time.sleep(1e6)", "timeout", "wrong", "stopped after 4 s"),
        ("raise MemoryError", "out of memory", "wrong", "MemoryError"),
        (ENDLESS_THREAD, "ok", "done", ""),
        ("import sys; sys.stdout.close(); return x / 2", "ok", "done", ""),
    ],
    ids=[
        *("right", "wrong", "to do", "_exit", "exit", "abort", "segmentation fault", "closes all"),
        *("no end", "swallows", "sleeps", "memory", "thread without end", "closes stdout"),
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


def test_what_is_printed_is_kept_and_cut(judged):
    record = judged("print('x' * 9_999); return x / 2")

    assert record["tasks"][1]["printed"] == ["x" * 2_000, "… cut after 2,000 bytes"]


def test_an_answer_that_does_not_end_is_told_with_its_line_and_leaves_nothing(judged, tmp_path):
    note = tmp_path / "pid"
    start = f"""
    child = subprocess.Popen(["sleep", "1000"])
    open({str(note)!r}, "w").write(str(child.pid))
    while True: pass"""

    record = judged(start, first="import subprocess")

    assert record["tasks"][1]["place"].endswith("slopes.py:17")
    assert survive([int(note.read_text())]) == []


@pytest.mark.parametrize(("body", "halve"), [(HALVE, "done"), ("return x / 4", "wrong")])
def test_after_all_that_an_answer_is_judged_rightly(body, halve, judged):
    assert states(judged(body)) == {"double": "done", "halve": halve}


def test_a_crash_opens_no_window(monkeypatch):
    modes = []
    flags = {"SEM_FAILCRITICALERRORS": 1, "SEM_NOGPFAULTERRORBOX": 2}
    monkeypatch.setitem(sys.modules, "msvcrt", SimpleNamespace(SetErrorMode=modes.append, **flags))
    monkeypatch.setattr(sys, "platform", "win32")

    worker._open_no_window()

    assert modes == [3]
