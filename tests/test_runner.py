"""However an answer ends, a judgement ends in a record, and none of its processes survives."""

import os
import shutil
import time

import pytest
import toy_course
from judging import ROOT

from gradkata import course, runner
from gradkata.runner import Limits

SOLVED = toy_course.SLOPES
HALVE = "return x / 2"
QUICK = Limits(seconds=5, memory=2**29, output=2_000, processes=32)


@pytest.fixture
def slopes(tmp_path):
    root = toy_course.build(tmp_path / "toy")
    shutil.copy(ROOT / "pyproject.toml", root)
    return course.Exercise(root, "01_slopes")


@pytest.fixture
def judged(slopes):
    """Judge an answer whose `halve` has the body given, and that begins with some lines more."""

    def judge(body=HALVE, *, first="", limits=QUICK):
        slopes.file.write_text(first + "\n" + SOLVED.replace(HALVE, body))
        return runner.judge(slopes, slopes.root / "exercises", limits=limits)

    return judge


def states(record):
    return {task.task: task.state for task in record.tasks}


def lines_of(record, task):
    (found,) = [t for t in record.tasks if t.task == task]
    return "\n".join(found.lines)


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


# The plain cases


def test_a_right_answer_is_done(judged):
    record = judged()

    assert record.done
    assert (record.outcome, record.detail) == ("ok", "")
    assert states(record) == {"double": "done", "halve": "done"}


def test_a_task_to_do_and_a_wrong_one_have_their_place_and_words(judged):
    record = judged("return x / 4", first="# one line more")

    assert record.outcome == "ok"
    assert not record.done
    assert states(record) == {"double": "done", "halve": "wrong"}
    assert lines_of(record, "halve") == "0.5 == 1"
    assert record.tasks[1].place == "exercises/01_slopes/slopes.py:12"


def test_an_untouched_exercise_is_to_do(slopes):
    record = runner.judge(slopes, slopes.root / "exercises", limits=QUICK)

    assert states(record) == {"double": "to do", "halve": "to do"}


def test_a_file_that_cannot_be_run_is_an_error_with_its_line(judged):
    record = judged(first="import no_such_module")

    assert record.outcome == "error"
    assert "exercises/01_slopes/slopes.py:1\n" in record.detail
    assert "No module named 'no_such_module'" in record.detail
    assert set(states(record).values()) == {"wrong"}


def test_a_record_is_plain_values(judged):
    plain = judged().as_dict()

    assert plain["exercise"] == "01_slopes"
    assert plain["tasks"][0]["state"] == "done"


def test_one_judgement_leaves_nothing_to_the_next(judged):
    judged("import torch; torch.sigmoid = None; return x / 2")

    assert judged("import torch; return float(torch.sigmoid(torch.zeros(())) * x)").done


# Other endings


@pytest.mark.parametrize(
    ("body", "first"),
    [
        (HALVE, "import os; os._exit(0)"),
        ("import os; os._exit(0)", ""),
        (
            "threading.Thread(target=os._exit, args=(0,)).start(); time.sleep(1); return x / 2",
            "import os, threading, time",
        ),
    ],
    ids=["at import", "in a task", "in a thread"],
)
def test_os_exit_is_a_crash_and_never_done(body, first, judged):
    record = judged(body, first=first)

    assert record.outcome == "crashed"
    assert record.detail == "the process ended with code 0 in the middle of a test"
    assert "done" not in states(record)["halve"]


def test_a_segmentation_fault_is_a_crash_that_names_the_signal(judged):
    record = judged("import ctypes; ctypes.string_at(0)")

    assert record.detail == "the process ended by SIGSEGV in the middle of a test"
    assert states(record) == {"double": "done", "halve": "wrong"}
    assert lines_of(record, "halve") == record.detail


def test_a_loop_without_end_is_stopped_with_the_learners_line(judged):
    record = judged("\n    while True: pass")

    assert states(record) == {"double": "done", "halve": "wrong"}
    assert "it does not end: stopped after 2.5 s" in lines_of(record, "halve")
    assert record.tasks[1].place == "exercises/01_slopes/slopes.py:15"


SWALLOWS = """
    while True:
        try:
            while True: sum(range(99))
        except BaseException: pass"""


@pytest.mark.parametrize(
    ("body", "lines"),
    [(SWALLOWS, {15, 16, 17}), ("import itertools; sum(itertools.repeat(0))", {14})],
    ids=["swallows every exception", "never leaves C"],
)
def test_a_loop_that_nothing_in_its_process_can_stop_is_a_timeout_with_its_line(
    body, lines, judged
):
    record = judged(body)

    assert (record.outcome, record.detail) == ("timeout", "it does not end: stopped after 5 s")
    assert states(record) == {"double": "done", "halve": "wrong"}
    assert int(record.tasks[1].place.partition("slopes.py:")[2]) in lines


def test_a_very_long_sleep_is_stopped(judged):
    record = judged("import time; time.sleep(1e6)")

    assert states(record)["halve"] == "wrong"
    assert record.seconds < 2 * QUICK.seconds + 5


@pytest.mark.parametrize("start_new_session", [False, True])
def test_a_child_process_that_is_left_behind_does_not_survive(start_new_session, judged, tmp_path):
    note = tmp_path / "pid"
    body = f"""
    child = subprocess.Popen(["sleep", "1000"], start_new_session={start_new_session})
    open({str(note)!r}, "w").write(str(child.pid))
    return x / 2"""

    judged(body, first="import subprocess")

    assert not is_alive(int(note.read_text()))


def test_a_thread_that_never_ends_does_not_hold_up_the_record(judged):
    body = "import threading, time; threading.Thread(target=time.sleep, args=(1e6,)).start(); "

    record = judged(body + HALVE)

    assert record.outcome == "ok"
    assert record.seconds < QUICK.seconds + 5


@pytest.mark.parametrize(
    ("body", "first"),
    [
        ("\n    while True: x = [x] * 10_000_000, x", ""),
        ("\n    while True: x = torch.ones(10_000_000), x", "import torch"),
    ],
    ids=["lists", "tensors"],
)
def test_memory_without_end_is_out_of_memory(body, first, judged):
    # Filling half a gigabyte takes its time on a busy machine.
    record = judged(body, first=first, limits=Limits(seconds=60, memory=2**29))

    assert record.outcome == "out of memory"
    assert record.detail == "halve asks for more than 0.5 GiB of memory"
    assert states(record) == {"double": "done", "halve": "wrong"}


def test_what_is_printed_is_kept(judged):
    assert "x is 2\n" in judged("print('x is', x); return x / 2").output


def test_a_gigabyte_of_print_is_cut_with_a_notice(judged):
    body = "\n    for _ in range(1000): print('x' * 1_000_000)\n    return x / 2"

    record = judged(body, limits=Limits(seconds=30, output=2_000))

    assert record.done
    assert len(record.output) < 2_100
    assert record.output.endswith("more characters are left out\n")


def test_forks_without_end_are_stopped_and_none_survives(judged, tmp_path):
    notes = tmp_path / "pids"
    body = f"""
    while True:
        os.fork()
        with open({str(notes)!r}, "a") as notes: notes.write(f"{{os.getpid()}}\\n")
        time.sleep(0.02)"""

    record = judged(body, first="import os, time")

    assert record.outcome == "crashed"
    assert record.detail == "it started more than 32 processes"
    time.sleep(0.2)
    assert [pid for pid in map(int, notes.read_text().split()) if is_alive(pid)] == []


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("torch.allclose = lambda *_: True", "torch.allclose"),
        ("torch.isclose = lambda *_: True", "torch.isclose"),
        ("torch.Tensor.__eq__ = lambda *_: True", "torch.Tensor.__eq__"),
        ("pytest.main = print", "pytest.main"),
        ("checks.check = print", "gradkata.checks.check"),
    ],
)
def test_a_replaced_function_is_named_and_nothing_is_done(line, name, judged):
    record = judged(
        f"{line}; return x / 2", first="import pytest, torch\nfrom gradkata import checks"
    )

    assert states(record) == {"double": "done", "halve": "wrong"}
    assert f"{name} has been replaced" in lines_of(record, "halve")


@pytest.mark.parametrize(
    "body",
    [
        "\n    for fd in range(3, 256):\n        try: os.close(fd)\n        except OSError: pass",
        "os.closerange(0, 256)",
    ],
    ids=["one by one", "all"],
)
def test_closed_descriptors_are_a_crash(body, judged):
    record = judged(body + "\n    return x / 4", first="import os")

    assert record.outcome == "crashed"
    assert not record.done


def test_words_that_are_not_signed_count_for_nothing(judged):
    forged = b'\n0 {"kind": "verdict", "number": 3}\n{"kind": "end", "number": 4}\n'
    body = f"""
    for fd in range(3, 256):
        try: os.write(fd, {forged!r})
        except OSError: pass
    os._exit(0)"""

    record = judged(body, first="import os")

    assert record.outcome == "crashed"
    assert states(record) == {"double": "done", "halve": "wrong"}
    assert judged().done


def test_an_answer_that_kills_its_watcher_is_a_crash(judged):
    record = judged("import os, signal; os.kill(os.getppid(), signal.SIGKILL); return x / 2")

    assert record.outcome == "crashed"
    assert record.detail == "the process that watched over it was killed"
    assert not record.done
