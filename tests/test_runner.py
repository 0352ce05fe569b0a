"""However an answer ends, a judgement ends in a record, and none of its processes survives.

That is so against accidents; nothing here tries to hold against intent.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from multiprocessing import forkserver
from pathlib import Path

import psutil
import pytest
import toy_course

from gradkata import course
from gradkata.course import progress
from gradkata.judging import processes, records, runner, spawned
from gradkata.judging.messenger import LineWriter, Messenger
from gradkata.judging.protocol import Limits, Order
from gradkata.judging.transcript import Transcript
from gradkata.results import Verdict

SOLVED = toy_course.SLOPES
HALVE, DOUBLE = "return x / 2", "return 2 * x"
QUICK = Limits(seconds=5, memory=2**29, output=2_000, processes=32)
# A fresh process may be held up on a busy machine.
PATIENT = Limits(seconds=8, memory=2**29, output=2_000, processes=32)


@pytest.fixture
def slopes(tmp_path):
    root = toy_course.build(tmp_path / "toy")
    return course.Exercise(root, "01_slopes")


@pytest.fixture
def judged(slopes):
    """Judge an answer whose `halve` has the body given, and that begins with some lines more.

    However it ends, the next judgement is right, of a right task as of a wrong one.
    """

    def judge(body=HALVE, *, first="", double=DOUBLE, limits=QUICK):
        answer = SOLVED.replace(HALVE, body).replace(DOUBLE, double)
        slopes.file.write_text(first + "\n" + answer)
        return runner.judge(slopes, slopes.root / "exercises", limits=limits)

    yield judge
    next_one = judge("return x / 4")
    assert next_one.outcome == "ok"
    assert states(next_one) == {"double": "done", "halve": "wrong"}


def states(record):
    return {task.task: task.state for task in record.tasks}


def lines_of(record, task):
    (found,) = [t for t in record.tasks if t.task == task]
    return "\n".join(found.lines)


def is_alive(pid):
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    # One that has ended may wait for whoever adopted it to take notice.
    return stat.rpartition(")")[2].split()[0] != "Z"


def survive(pids):
    """Return those that are alive; one that was killed may take a moment to end."""
    end = time.monotonic() + 2
    while (alive := [pid for pid in pids if is_alive(pid)]) and time.monotonic() < end:
        time.sleep(0.02)
    return alive


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


TEST_OF_HALVE = (
    "test_halve.py::test_two_becomes_one",
    "exercises/01_slopes/tests/test_halve.py:7",
)


@pytest.mark.parametrize("body", ["return x / 4", "import os; os._exit(0)"], ids=["wrong", "crash"])
def test_a_fault_names_the_test_that_found_it_with_its_line(body, judged):
    double, halve = judged(body).tasks

    assert (halve.found_by, halve.found_at) == TEST_OF_HALVE
    assert (double.found_by, double.found_at) == ("", "")


def test_a_file_that_cannot_be_run_is_found_by_no_test(judged):
    record = judged(first="import no_such_module")

    assert {(task.found_by, task.found_at) for task in record.tasks} == {("", "")}


def test_a_record_is_plain_values(judged):
    plain = judged().as_dict()

    assert plain["schema"] == 1
    assert plain["exercise"] == "01_slopes"
    assert plain["tasks"][0]["state"] == "done"


def test_one_judgement_leaves_nothing_to_the_next(judged):
    judged("import torch; torch.sigmoid = None; return x / 2")

    assert judged("import torch; return float(torch.sigmoid(torch.zeros(())) * x)").done


# Other endings


# How a task may end its process, what is said of it, and whether its line is known.
ENDINGS = [
    ("import os; os._exit(0)", "the process ended with code 0", True),
    ("import ctypes; ctypes.CDLL(None)._exit(3)", "the process ended with code 3", False),
    (
        "import os, threading as t, time; t.Thread(target=os._exit, args=(0,)).start(); "
        "time.sleep(60)",
        "the process ended with code 0",
        True,
    ),
    ("import ctypes; ctypes.string_at(0)", "the process ended by SIGSEGV", True),
    (
        "import ctypes, threading as t; t = t.Thread(target=ctypes.string_at, args=(0,)); "
        "t.start(); t.join()",
        "the process ended by SIGSEGV",
        True,
    ),
    (
        "import mmap, tempfile; f = tempfile.TemporaryFile(); f.truncate(4096); "
        "m = mmap.mmap(f.fileno(), 4096); f.truncate(0); m[0]",
        "the process ended by SIGBUS",
        True,
    ),
    ("import os; os.abort()", "the process ended by SIGABRT", True),
    ("import os; os.kill(os.getpid(), 9)", "it sent itself SIGKILL", True),
    ("import os; os.killpg(0, 15)", "it sent itself SIGTERM", True),
    ("import os; os.kill(os.getpid(), 40)", "the process ended by signal 40", True),
    ("import ctypes; ctypes.CDLL(None).kill(0, 9)", "the process ended by SIGKILL", False),
    ("import os; os.kill(os.getpid(), 19)", "it sent itself SIGSTOP", True),
    (
        "import ctypes; ctypes.CDLL(None).kill(0, 19)",
        "the process was stopped by SIGSTOP",
        False,
    ),
    (
        "import signal, time; signal.signal(14, signal.SIG_DFL); signal.alarm(1); time.sleep(60)",
        "the process ended by SIGALRM",
        False,
    ),
    (
        "import os; os.execv('/bin/true', ['true'])",
        "it replaced itself by another program, /bin/true,",
        True,
    ),
    (
        "import os; os.execlp('sleep', 'sleep', '60')",
        "it replaced itself by another program, ",
        True,
    ),
    (
        "import os, sys; os.execv(sys.executable, ['python', '-c', 'input()'])",
        f"it replaced itself by another program, {sys.executable},",
        True,
    ),
    (
        "import ctypes as c; c.CDLL(None).execv(b'/bin/sleep', (c.c_char_p * 3)(b'', b'60', None))",
        "it replaced itself by another program, sleep,",
        False,
    ),
    ("import os; os.closerange(3, 256)", "it closed files that are not its own", False),
    ("import os; os.closerange(0, 256); os._exit(0)", "the process ended with code 0", False),
]
MESSAGE = ("raise ValueError('x' * 300_000_000)", "ValueError: xxxxx", True)


def exercise_of(root, endings):
    """Write an exercise whose tasks end so, each after and before one that is right."""
    test = "import endings\nimport pytest\n\npytestmark = pytest.mark.task({0!r})\n\n\n"
    test += "@pytest.mark.parametrize('x', [2, 4])\n"
    test += f"def test_{{0}}(x):\n    open({str(root / 'began')!r}, 'a').write('{{0}}\\n')\n"
    test += "    assert endings.{0}(x) == x / 2\n"
    bodies = {f"ending_{number}": body for number, (body, *_) in enumerate(endings)}
    return toy_course.add_endings(root, bodies, test=test)


@pytest.mark.parametrize(
    ("endings", "how"),
    [
        ([*ENDINGS, MESSAGE], {"workers": 1}),
        ([*ENDINGS[::2], MESSAGE], {"workers": 2}),
        # Each costs the time to import torch.
        ([*ENDINGS[0:10:3], ENDINGS[14], MESSAGE], {"warm": False}),
    ],
    ids=["one worker", "two workers", "fresh processes"],
)
def test_an_ending_costs_its_own_task_alone_and_is_said_truly(endings, how, tmp_path):
    exercise = exercise_of(toy_course.build(tmp_path / "toy"), endings)
    limits = Limits(seconds=16, memory=2**30)

    record = runner.judge(exercise, exercise.root / "exercises", limits=limits, **how)

    assert record.outcome == "crashed"
    wrong = {f"ending_{number}": "wrong" for number in range(len(endings))}
    assert states(record) == {task.task: "done" for task in record.tasks} | wrong
    assert [
        (body, found)
        for number, (body, says, _) in enumerate(endings)
        if not (found := lines_of(record, f"ending_{number}")).startswith(says)
    ] == []
    places = {task.task: task.place.partition("endings.py")[2] for task in record.tasks}
    assert [
        (body, place)
        for number, (body, _, known) in enumerate(endings)
        if (place := places[f"ending_{number}"]) != f":{toy_course.line_of(exercise, body)}" * known
    ] == []
    # What has its verdict is not judged again, and what has ended a process gets no other.
    began = (exercise.root / "began").read_text().split()
    assert max(began.count(task) for task in states(record)) == 2
    ends = [number for number, ending in enumerate(endings) if ending is not MESSAGE]
    middle = "in the middle of a test"
    assert [n for n in ends if middle not in lines_of(record, f"ending_{n}")] == []
    assert [number for number in ends if began.count(f"ending_{number}") != 1] == []


def test_a_task_with_several_tests_before_a_crash_has_each_judged_once(slopes, tmp_path):
    note = tmp_path / "began"
    more = "\n\ndef test_three_becomes_six():\n    assert slopes.double(3) == 6\n"
    slopes.tests_of("double").write_text(toy_course.TEST_DOUBLE + more)
    double = f"open({str(note)!r}, 'a').write(f'{{x}} '); {DOUBLE}"
    answer = SOLVED.replace(DOUBLE, double).replace(HALVE, "import os; os._exit(0)")
    slopes.file.write_text(answer)

    record = runner.judge(slopes, slopes.root / "exercises", limits=QUICK)

    assert states(record) == {"double": "done", "halve": "wrong"}
    assert note.read_text().split() == ["2", "3"]


def test_what_follows_a_fault_in_its_task_is_not_run_and_every_other_task_is(slopes, tmp_path):
    note = tmp_path / "began"
    more = "\n\ndef test_three_becomes_six():\n    assert slopes.double(3) == 6\n"
    slopes.tests_of("double").write_text(toy_course.TEST_DOUBLE + more)
    slopes.file.write_text(SOLVED.replace(DOUBLE, f"open({str(note)!r}, 'a').write(f'{{x}} ')"))

    record = runner.judge(slopes, slopes.root / "exercises", limits=QUICK)

    assert (record.outcome, states(record)) == ("ok", {"double": "wrong", "halve": "done"})
    assert note.read_text().split() == ["2"]


def test_what_tests_of_a_wrong_task_share_is_taken_down_before_the_next_task(slopes, tmp_path):
    note = tmp_path / "down"
    fixture = f"""

@pytest.fixture(scope="module")
def shared():
    yield
    open({str(note)!r}, "a").write("double ")


def test_three_becomes_six(shared):
    assert slopes.double(3) == 7


def test_four_becomes_eight(shared):
    assert slopes.double(4) == 8
"""
    slopes.tests_of("double").write_text(toy_course.TEST_DOUBLE + fixture)
    slopes.file.write_text(
        SOLVED.replace(HALVE, f"open({str(note)!r}, 'a').write('halve '); {HALVE}")
    )

    record = runner.judge(slopes, slopes.root / "exercises", limits=QUICK)

    assert (record.outcome, states(record)) == ("ok", {"double": "wrong", "halve": "done"})
    assert note.read_text().split() == ["double", "halve"]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("import os; os._exit(0)", "the process ended with code 0 at import"),
        ("import ctypes; ctypes.string_at(0)", "the process ended by SIGSEGV at import"),
        ("import os; os.kill(os.getpid(), 9)", "it sent itself SIGKILL at import"),
        (
            "import os; os.execv('/bin/true', ['true'])",
            "it replaced itself by another program, /bin/true, at import",
        ),
    ],
)
def test_an_ending_at_import_is_the_files_own_fault_with_its_line(line, says, judged, tmp_path):
    note = tmp_path / "began"

    record = judged(first=f"open({str(note)!r}, 'a').write('x')\n{line}")

    assert record.outcome == "error"
    assert record.detail == f"exercises/01_slopes/slopes.py:2\n{says}"
    assert states(record) == {"double": "wrong", "halve": "wrong"}
    assert lines_of(record, "double") == lines_of(record, "halve") == says
    assert note.read_text() == "x"


def test_a_loop_at_import_that_nothing_in_its_process_can_stop_has_its_line(judged):
    record = judged(first="def f():" + SWALLOWS + "\nf()")

    assert record.outcome == "error"
    place, says = record.detail.splitlines()
    assert place.partition("slopes.py:")[2] in {"3", "4", "5", "6"}
    assert says == "it does not end: stopped after 5 s"
    assert record.seconds < 2 * QUICK.seconds


def test_a_task_of_which_a_thread_ends_the_process_later_does_not_cost_another_its_verdict(
    judged, tmp_path
):
    note = tmp_path / "halve has begun"
    first = f"""
import os, threading, time
NOTE = {str(note)!r}
def exit_later():
    while not os.path.exists(NOTE): time.sleep(0.01)
    os._exit(0)
"""
    double = f"threading.Thread(target=exit_later).start(); {DOUBLE}"

    record = judged(f"open(NOTE, 'w'); time.sleep(1); {HALVE}", double=double, first=first)

    assert states(record) == {"double": "wrong", "halve": "done"}
    assert lines_of(record, "double") == (
        "the process ended with code 0 in the middle of a test of halve, "
        "while a thread that double had left went on"
    )


ENDLESS_TEXT = """
class Endless(Exception):
    def __str__(self):
        while True: pass
"""


def test_an_error_with_an_endless_text_costs_its_own_task_alone(judged):
    record = judged(HALVE, double="raise Endless", first=ENDLESS_TEXT)

    assert record.outcome == "ok"
    assert states(record) == {"double": "wrong", "halve": "done"}
    assert lines_of(record, "double").startswith("Endless, whose text does not end")


def test_a_thread_that_a_task_has_left_is_not_blamed_for_what_the_next_one_does(judged):
    stays = "import threading, time; threading.Thread(target=time.sleep, args=(60,)).start(); "

    record = judged("import os; os._exit(0)", double=stays + "return 2 * x")

    assert states(record) == {"double": "done", "halve": "wrong"}
    assert lines_of(record, "halve") == "the process ended with code 0 in the middle of a test"


def test_a_worker_that_is_killed_while_it_waits_is_replaced(slopes):
    slopes.file.write_text(SOLVED)
    judgement = runner.Judgement(slopes, slopes.root / "exercises", limits=QUICK)
    watcher = psutil.Process(judgement._watcher._runs.pid)
    while not (workers := watcher.children()):
        time.sleep(0.01)
    for worker in workers:
        worker.kill()

    judgement.go()

    assert judgement.record().done


def test_a_warm_process_that_dies_as_a_judgement_starts_is_replaced(slopes):
    slopes.file.write_text(SOLVED)
    runner.judge(slopes, slopes.root / "exercises", limits=QUICK)
    warm = forkserver._forkserver._forkserver_pid
    os.kill(warm, signal.SIGSTOP)
    threading.Timer(1, os.kill, (warm, signal.SIGKILL)).start()

    assert runner.judge(slopes, slopes.root / "exercises", limits=QUICK).done


@pytest.mark.skipif(not hasattr(signal, "SIGRTMIN"), reason="every signal has a name here")
def test_a_signal_without_a_name_is_a_crash_that_tells_its_number(judged):
    record = judged("import os, signal; os.kill(os.getpid(), signal.SIGRTMIN + 3)")

    assert record.detail == "the process ended by signal 37 in the middle of a test"


@pytest.mark.parametrize(
    ("code", "outcome", "words"),
    [
        (0, "error", "the process ended with code 0 before its tests began"),
        (-11, "error", "the process ended by SIGSEGV before its tests began"),
        (-9, "error", "the process ended by SIGKILL before its tests began"),
        (0xC0000005, "error", "the process ended by an access violation before its tests began"),
        (0xC00000FD, "error", "the process ended by a stack overflow before its tests began"),
    ],
)
def test_an_exit_code_of_any_system_tells_what_ended_the_process(code, outcome, words, slopes):
    order = Order(str(slopes.root), slopes.name, "exercises", "cpu", ("halve",), QUICK, "")
    transcript = Transcript(order, b"secret")

    transcript.end_by(processes.told_by(code))

    assert (transcript.report()["outcome"], transcript.report()["detail"]) == (outcome, words)


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


def test_a_loop_that_nothing_in_its_process_can_stop_costs_its_own_task_alone_and_has_its_line(
    tmp_path,
):
    in_c = "import itertools; sum(itertools.repeat(0))"
    exercise = exercise_of(toy_course.build(tmp_path / "toy"), [(SWALLOWS,), (in_c,)])

    record = runner.judge(exercise, exercise.root / "exercises", limits=QUICK)

    says = "it does not end: stopped after 5 s"
    assert (record.outcome, record.detail) == ("timeout", says)
    assert [task for task, state in states(record).items() if state != "done"] == [
        "ending_0",
        "ending_1",
    ]
    assert len(states(record)) == 5
    lines = {t.task: int(t.place.partition("endings.py:")[2] or 0) for t in record.tasks}
    first = 1 + exercise.file.read_text().splitlines().index("def ending_0(x):")
    assert lines["ending_0"] - first in {2, 3, 4}
    assert lines["ending_1"] == toy_course.line_of(exercise, in_c)
    assert lines_of(record, "ending_0") == lines_of(record, "ending_1") == says


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

    assert survive([int(note.read_text())]) == []


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


@pytest.mark.parametrize(
    ("line", "hungry"),
    [
        ("MemoryError", True),
        ("MemoryError: mine", False),
        ("_ArrayMemoryError: Unable to allocate 745 GiB", True),
        (
            "RuntimeError: [enforce fail at alloc_cpu.cpp:127] err == 0. DefaultCPUAllocator: …",
            True,
        ),
        (
            "RuntimeError: [enforce fail at C:\\a\\c10\\core\\impl\\alloc_cpu.cpp:81] data. …",
            True,
        ),
        ("RuntimeError: [enforce fail at reduce.cpp:1] alloc_cpu.cpp", False),
    ],
)
def test_what_says_that_memory_was_refused_is_known_on_every_system(line, hungry):
    verdict = Verdict("01_slopes", "halve", "test_two_becomes_one", "wrong", lines=[line])

    assert records.is_out_of_memory(verdict) == hungry


def test_what_is_printed_is_kept(judged):
    assert "x is 2" in judged("print('x is', x); return x / 2").tasks[1].printed


def test_a_gigabyte_of_print_is_cut_with_a_notice(judged):
    body = "\n    for _ in range(1000): print('x' * 1_000_000)\n    return x / 2"

    record = judged(body, limits=Limits(seconds=30, output=2_000))

    printed = record.tasks[1].printed
    assert record.done
    assert printed == ["x" * 2_000, "… cut after 2,000 bytes"]


def test_a_gigabyte_past_pythons_own_streams_is_cut_too(judged):
    body = "\n    for _ in range(1000): os.write(1, b'x' * 1_000_000)\n    return x / 2"

    record = judged(body, first="import os", limits=Limits(seconds=30, output=2_000))

    assert record.done
    assert record.output == "x" * 2_000 + "\n… cut after 2,000 bytes\n"


def test_what_a_forked_child_prints_is_kept_apart(judged):
    body = "\n    if not os.fork(): print('in the child', flush=True), os._exit(0)\n"

    record = judged(f"{body}    os.wait(); print('here'); return x / 2", first="import os")

    assert record.done
    assert record.tasks[1].printed == ["here"]
    assert record.output == "in the child\n"


def test_threads_may_print_at_any_time(judged):
    first = """
import threading
def talk():
    while True: print("la" * 500)
for _ in range(3): threading.Thread(target=talk, daemon=True).start()
"""
    assert judged(first=first, limits=Limits(seconds=20)).done


def test_an_answer_may_close_its_standard_output(judged):
    record = judged("import sys; sys.stdout.close(); return x / 2")

    assert record.done


def test_what_was_printed_before_a_crash_is_kept(judged):
    record = judged("print('so far'); import ctypes; ctypes.string_at(0)")

    assert record.tasks[1].printed == ["so far"]


def test_many_tests_may_take_longer_together_than_one_may(slopes):
    one_more = "\n\ndef test_{}():\n    slopes.halve(1)\n"
    more = "".join(one_more.format(n) for n in range(4))
    slopes.tests_of("halve").write_text(toy_course.TEST_HALVE + more)
    slopes.file.write_text(SOLVED.replace(HALVE, "import time; time.sleep(0.4); return x / 2"))
    slopes = course.Exercise(slopes.root, slopes.name)

    record = runner.judge(slopes, slopes.root / "exercises", limits=Limits(seconds=1.2))

    assert record.done
    assert record.seconds > 1.6


def test_a_test_with_a_limit_of_its_own_has_that_and_from_outside_twice_as_long(slopes):
    marked = toy_course.TEST_HALVE.replace("def test", "@pytest.mark.timeout(4)\ndef test")
    slopes.tests_of("halve").write_text(marked)
    slopes.file.write_text(SOLVED.replace(HALVE, "import time; time.sleep(2); return x / 2"))

    record = runner.judge(slopes, slopes.root / "exercises", limits=Limits(seconds=1))

    assert record.done


def test_an_answer_that_waits_for_somebody_to_type_is_told_where_one_can(slopes):
    asks = [
        "breakpoint()",
        "import pdb; pdb.set_trace()",
        "x = input('x? ')",
        "import sys; sys.stdin.read()",
    ]
    exercise = exercise_of(slopes.root, [(f"{ask}; {HALVE}",) for ask in asks])

    record = runner.judge(exercise, exercise.root / "exercises", limits=QUICK)

    wrong = {task: state for task, state in states(record).items() if state != "done"}
    assert wrong == {f"ending_{number}": "wrong" for number in range(len(asks))}
    says = (
        "it waits for somebody to type, and there is no terminal here: "
        "`pytest --pdb` has one for breakpoint() and pdb, `pytest -s` for input()"
    )
    assert [task for task in wrong if not lines_of(record, task).startswith(says)] == []


def test_a_breakpoint_that_is_switched_off_is_passed_over(judged):
    first = "import os; os.environ['PYTHONBREAKPOINT'] = '0'"

    assert judged("breakpoint(); return x / 2", first=first).done


def test_streams_that_one_task_closes_are_there_for_the_next(judged):
    closes = "import os, sys; sys.stdout.close(); sys.stderr.close(); os.close(1)"

    record = judged("print('here'); return x / 2", double=f"{closes}; return 2 * x")

    assert record.done
    assert record.tasks[1].printed == ["here"]


def test_options_for_other_runs_of_pytest_do_no_harm(slopes):
    slopes.file.write_text(SOLVED)
    code = (
        "from gradkata import course\n"
        "from gradkata.judging import runner\n"
        "if __name__ == '__main__':\n"
        "    slopes = course.exercises(__import__('pathlib').Path.cwd())[0]\n"
        "    print(runner.judge(slopes, slopes.root / 'exercises').detail or 'well')\n"
    )
    (slopes.root / "judge.py").write_text(code)
    options = {"PYTEST_ADDOPTS": "--no-such-option", "PYTEST_PLUGINS": "no_such_plugin"}
    environment = toy_course.child_environment() | options

    found = subprocess.run(
        [sys.executable, "judge.py"],
        cwd=slopes.root,
        env=environment,
        capture_output=True,
        text=True,
    )

    assert found.stdout == "well\n"


def test_pytest_itself_says_why_a_run_does_not_begin(slopes):
    slopes.file.write_text(SOLVED)

    record = runner.judge(slopes, slopes.root / "exercises", device="cdua", limits=QUICK)

    words = "--device cdua: no such device; did you mean cuda?"
    assert (record.outcome, record.detail) == ("error", words)


def test_tasks_that_are_asked_for_first_come_before_the_others(slopes):
    slopes.file.write_text(SOLVED.replace("return 2 * x", "import time; time.sleep(1); return 0"))
    judgement = runner.Judgement(slopes, slopes.root / "exercises", limits=QUICK)

    judgement.go(first=["halve"])

    (halve,) = judgement.early_tasks()
    assert (halve.task, halve.state) == ("halve", "done")
    record = judgement.record()
    assert states(record) == {"double": "wrong", "halve": "done"}
    assert record.seconds > 1


def test_without_tasks_that_come_first_all_come_at_once(slopes):
    slopes.file.write_text(SOLVED)
    judgement = runner.Judgement(slopes, slopes.root / "exercises", limits=QUICK, workers=2)

    judgement.go()

    assert judgement.early_tasks() == []
    assert judgement.record().done


def test_a_task_that_comes_first_and_crashes_is_there_before_the_others(slopes):
    slopes.file.write_text(SOLVED.replace(HALVE, "import os; os._exit(0)"))
    judgement = runner.Judgement(slopes, slopes.root / "exercises", limits=QUICK)

    judgement.go(first=["halve"])

    (halve,) = judgement.early_tasks()
    assert (halve.task, halve.state) == ("halve", "wrong")
    assert states(judgement.record()) == {"double": "done", "halve": "wrong"}


@pytest.mark.parametrize("workers", [1, 2])
def test_workers_share_the_tasks_and_find_the_same(workers, slopes):
    slopes.file.write_text(SOLVED.replace(HALVE, "return x / 4"))

    record = runner.judge(slopes, slopes.root / "exercises", limits=QUICK, workers=workers)

    assert states(record) == {"double": "done", "halve": "wrong"}


def test_a_crash_in_one_worker_leaves_the_other_its_verdicts(slopes):
    slopes.file.write_text(SOLVED.replace("return 2 * x", "import os; os._exit(0)"))

    record = runner.judge(slopes, slopes.root / "exercises", limits=QUICK, workers=2)

    assert record.outcome == "crashed"
    assert states(record) == {"double": "wrong", "halve": "done"}


def test_what_is_saved_until_the_word_to_go_is_what_is_judged(slopes):
    slopes.file.write_text(SOLVED.replace(HALVE, "return x / 4"))
    judgement = runner.Judgement(slopes, slopes.root / "exercises", limits=QUICK)
    time.sleep(1)
    slopes.file.write_text(SOLVED)

    judgement.go()

    assert judgement.record().done


def test_a_judgement_that_is_dropped_ends_at_once(slopes):
    slopes.file.write_text(SOLVED.replace(HALVE, "\n    while True: pass"))
    judgement = runner.Judgement(slopes, slopes.root / "exercises", limits=Limits(seconds=60))
    judgement.go()
    time.sleep(1)

    judgement.drop()

    judgement.record()
    assert time.monotonic() - judgement.started < 10


def test_a_task_has_its_seconds(judged):
    record = judged("import time; time.sleep(0.2); return x / 2")

    assert record.tasks[1].seconds >= 0.2
    assert record.tasks[0].seconds < 0.2


def test_shares_are_whole_tasks_of_about_equal_length(slopes):
    assert runner.share(slopes, 2, {}) == [("double",), ("halve",)]
    assert runner.share(slopes, 8, {}) == [("double",), ("halve",)]
    assert runner.share(slopes, 1, {"halve": 2.0, "double": 1.0}) == [("halve", "double")]


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
    assert survive(map(int, notes.read_text().split())) == []


def test_a_replaced_function_is_named_and_its_task_is_not_done(slopes):
    replaced = [
        ("torch.allclose = lambda *_: True", "torch.allclose"),
        ("torch.isclose = lambda *_: True", "torch.isclose"),
        ("torch.Tensor.__eq__ = lambda *_: True", "torch.Tensor.__eq__"),
        ("pytest.main = print", "pytest.main"),
        ("checks.check = print", "gradkata.checks.check"),
    ]
    bodies = {f"ending_{n}": f"{line}; {HALVE}" for n, (line, _) in enumerate(replaced)}
    first = "import pytest, torch\nfrom gradkata import checks"
    exercise = toy_course.add_endings(slopes.root, bodies, first=first)

    record = runner.judge(exercise, exercise.root / "exercises", limits=QUICK)

    wrong = {task: state for task, state in states(record).items() if state != "done"}
    assert wrong == dict.fromkeys(bodies, "wrong")
    said = [f"{name} has been replaced" for _, name in replaced]
    assert [(s, t) for s, t in zip(said, bodies, strict=True) if s not in lines_of(record, t)] == []


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


def test_a_task_that_kills_its_watcher_is_wrong_and_the_others_are_judged(judged):
    record = judged("import os, signal; os.kill(os.getppid(), signal.SIGKILL); return x / 2")

    assert record.outcome == "crashed"
    assert states(record) == {"double": "done", "halve": "wrong"}
    assert lines_of(record, "halve") == "the process that watched over it was killed"


def test_a_judgement_whose_watcher_was_killed_can_be_dropped(tmp_path):
    kills, sleeps = "import os; os.kill(os.getppid(), 9)", "import time; time.sleep(60)"
    root = toy_course.build(tmp_path / "toy")
    exercise = exercise_of(root, [(kills,), (sleeps,), (sleeps,)])
    judgement = runner.Judgement(exercise, root / "exercises", limits=Limits(seconds=150))
    judgement.go()
    threading.Timer(5, judgement.drop).start()

    judgement.record()

    assert time.monotonic() - judgement.started < 50


@pytest.mark.parametrize(
    ("killed", "outcome", "detail"),
    [
        (0, "crashed", "the process ended by SIGKILL in the middle of a test"),
        (1, "out of memory", "the system killed it for want of memory"),
    ],
)
def test_a_killed_process_is_out_of_memory_if_the_system_has_killed_one_for_it(
    killed, outcome, detail, slopes, monkeypatch
):
    transcript, reading = in_a_test_of_halve(slopes)
    before = processes.oom_kills()
    monkeypatch.setattr(processes, "oom_kills", lambda: before + killed)

    transcript.take("messages", os.read(reading, 1 << 16))
    transcript.end_by("SIGKILL")

    report = transcript.report()
    assert (report["outcome"], report["detail"]) == (outcome, detail)


def in_a_test_of_halve(slopes):
    """Return who listens to a worker, and the end where its words so far can be read."""
    order = Order(str(slopes.root), slopes.name, "exercises", "cpu", ("halve",), QUICK, "")
    reading, writing = os.pipe()
    messenger = Messenger(LineWriter(writing), b"secret")
    messenger.hold(kind="begin", tests=[("test_two_becomes_one", "halve")])
    messenger.hold(kind="start", test="test_two_becomes_one", may_take=5, beside=[])
    messenger.send(kind="executed")
    return Transcript(order, b"secret"), reading


def test_words_that_come_after_the_end_was_noticed_tell_when_it_was(slopes):
    transcript, reading = in_a_test_of_halve(slopes)

    transcript.end_by(0)
    transcript.take("messages", os.read(reading, 1 << 16))

    report = transcript.report()
    assert report["outcome"] == "crashed"
    assert report["detail"] == "the process ended with code 0 in the middle of a test"


# Where no warm process can be forked


def judge_by_fresh_processes(exercise):
    answers = exercise.root / "exercises"
    return runner.judge(exercise, answers, limits=PATIENT, workers=1, warm=False)


def test_a_fresh_process_finds_what_a_warm_one_does_and_leaves_nothing_behind(slopes, tmp_path):
    note = tmp_path / "pid"
    child = "str(subprocess.Popen(['sleep', '1000']).pid)"
    bodies = {
        "wrong": "return x / 4",
        "prints": "sys.settrace(None); print('x' * 9999)",
        "leaves": f"open({str(note)!r}, 'w').write({child}); {HALVE}",
    }
    exercise = toy_course.add_endings(slopes.root, bodies, first="import subprocess, sys")

    record = judge_by_fresh_processes(exercise)

    assert record.outcome == "ok", record
    wrong = {task for task, state in states(record).items() if state != "done"}
    assert wrong == {"wrong", "prints"}
    assert "0.5 == 1" in lines_of(record, "wrong")
    assert "None" in lines_of(record, "prints")
    assert survive([int(note.read_text())]) == []


def test_a_fresh_process_tells_the_line_of_a_loop_without_end(slopes):
    slopes.file.write_text("\n" + SOLVED.replace(HALVE, SWALLOWS))

    record = judge_by_fresh_processes(slopes)

    assert record.outcome == "timeout", record
    assert states(record) == {"double": "done", "halve": "wrong"}
    assert "it does not end: stopped after 8 s" in lines_of(record, "halve")
    assert int(record.tasks[1].place.partition("slopes.py:")[2]) in {15, 16, 17}


@pytest.mark.parametrize("early", [True, False])
def test_a_fresh_process_gets_warm_if_its_verdict_is_not_waited_for_yet(early, slopes, tmp_path):
    ready = tmp_path / "ready"
    note = f"from pathlib import Path\nPath({str(ready)!r}).touch()\n"
    slopes.tests_of("halve").write_text(note + toy_course.TEST_HALVE)
    body = "import sys; print('gradkata.judging.warm' in sys.modules)"
    slopes.file.write_text(SOLVED.replace(HALVE, body))
    digest = progress.digest_of_tests(slopes)
    order = Order(str(slopes.root), slopes.name, "exercises", "cpu", ("halve",), PATIENT, digest)
    worker = spawned._FreshWorker(order, tmp_path / "worker")
    while early and not ready.exists():
        time.sleep(0.01)

    worker.start([])

    while not worker.transcript.is_over:
        worker.look_after()
        time.sleep(0.01)
    worker.kill()
    assert worker.transcript.report()["printed"] == [("halve", f"{early}\n")]
