"""Whatever an answer does in the sandbox, its rows say so, and the next one sees nothing of it."""

import os
import textwrap
import types

import psutil
import pytest
import toy_course

from gradkata import course
from gradkata.grading import material, sandbox, servers
from gradkata.grading.rows import Points, rows_of

pytestmark = pytest.mark.skipif(bool(sandbox.why_not()), reason=sandbox.why_not())

MIB = 2**20
LIMITS = {"seconds": 4, "memory": 512 * MIB, "family": 512 * MIB, "output": 2_000, "processes": 32}
HALVE = "    return x / 2\n"


@pytest.fixture(scope="module")
def exercise(tmp_path_factory):
    root = toy_course.build(tmp_path_factory.mktemp("course") / "toy")
    yield course.Exercise(root, "01_slopes")
    servers.close_all()
    servers.begin()


@pytest.fixture(scope="module")
def judged(exercise):
    """Judge an answer of which `halve` has the body given, in one sandbox after another."""

    def judge(body="return x / 2", *, seeds=(0,)):
        text = toy_course.SLOPES.replace(HALVE, textwrap.indent(textwrap.dedent(body), "    "))
        unit = {
            "exercise": exercise.name,
            "text": text,
            "seeds": list(seeds),
            "device": "cpu",
            "limits": LIMITS,
            "sandbox": True,
            "root": str(exercise.root),
        }
        result = servers.judge_unit(unit)
        rows = rows_of("ann", exercise, "ann/slopes.py", result, Points())
        return {row.task: row for row in rows}

    return judge


# By what an answer does: its body, the state of its task, and words of the sentence.
HOSTILE = {
    "exit": ("import os; os._exit(0)", "crashed", "the process ended with code 0"),
    "abort": ("import os; os.abort()", "crashed", "SIGABRT"),
    "segmentation fault": ("import ctypes; ctypes.string_at(0)", "crashed", "SIGSEGV"),
    "kill itself": ("import os; os.kill(os.getpid(), 9)", "crashed", "SIGKILL"),
    "stop itself": ("import os; os.kill(os.getpid(), 19)", "crashed", "SIGSTOP"),
    "kill who watches": ("import os; os.kill(os.getppid(), 9); return 0", "wrong", "0 == 1"),
    "stop who watches": ("import os; os.kill(os.getppid(), 19); return 0", "wrong", "0 == 1"),
    "kill everybody": ("import os; os.kill(-1, 9)", "wrong", "No such process"),
    "become another program": (
        "import os; os.execv('/bin/sleep', ['sleep', '60'])",
        "crashed",
        "it replaced itself by another program",
    ),
    "close all files": ("import os; os.closerange(0, 500)\nreturn 1", "crashed", "it closed files"),
    "endless": ("while True: pass", "timeout", "stopped after 2 s"),
    "endless sleep": ("import time; time.sleep(1e6)", "timeout", "stopped after 2 s"),
    "endless in spite of all": (
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
        "timeout",
        "it does not end: stopped after",
    ),
    "memory": ("bytearray(10**10)", "out of memory", "MemoryError"),
    "memory bit by bit": ("a = []\nwhile True: a.append(bytearray(10**7))", "out of memory", ""),
    "shared memory": (
        "import mmap; mmap.mmap(-1, 2**31).write(bytes(2**31 - 1))",
        "wrong",
        "OSError: [Errno 12] Cannot allocate memory",
    ),
    "memory of a family": (
        """
        import os, time
        for _ in range(8):
            if os.fork() == 0:
                a = bytearray(b"x" * (150 * 2**20))
                time.sleep(60)
        time.sleep(60)
        """,
        "out of memory",
        "took more than 0.5 GiB",
    ),
    "fork bomb": (
        "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass",
        "crashed",
        "more than 32 processes",
    ),
    "recursion": ("return halve(x)", "wrong", "RecursionError"),
    "output": ("print('x' * 10**7); return 0", "wrong", "0 == 1"),
    "output past Python": (
        "import os\nfor _ in range(99): os.write(1, b'x' * 10**5)\nreturn 0",
        "wrong",
        "0 == 1",
    ),
    "a full /tmp": (
        "with open('/tmp/full', 'wb') as f:\n    while True: f.write(bytes(10**6))",
        "wrong",
        "No space left on device",
    ),
    "a million files": (
        "for n in range(10**6): open(f'/tmp/{n}', 'w').close()",
        "wrong",
        "No space left on device",
    ),
    "network": (
        "import socket; socket.create_connection(('1.1.1.1', 53), 1)",
        "wrong",
        "Network is unreachable",
    ),
    "the tests": (
        "import slopes; open('exercises/01_slopes/tests/x.py', 'w')",
        "wrong",
        "Read-only",
    ),
    "the harness": (
        "import gradkata; open(gradkata.__file__, 'a')",
        "wrong",
        "Read-only file system",
    ),
    "mounts": (
        "import subprocess; subprocess.run(['mount', '-t', 'tmpfs', 'x', '/gradkata/course'], "
        "check=True, stderr=-3)",
        "wrong",
        "returned non-zero exit status",
    ),
    "the environment": ("import os; return os.environ['GRADKATA_SECRET']", "wrong", "KeyError"),
    "solutions": ("open('solutions/01_slopes/slopes.py')", "wrong", "No such file or directory"),
}


# What takes more than a moment runs in a session of its own: `nox -s grade`.
HEAVY = {"fork bomb", "a million files", "a full /tmp", "endless sleep", "endless in spite of all"}
HEAVY |= {"memory bit by bit"}
every = "GRADKATA_HEAVY" in os.environ
LIGHT = [name for name in HOSTILE if every or name not in HEAVY]


@pytest.mark.parametrize("name", LIGHT)
def test_a_hostile_answer_costs_its_own_task_alone(name, judged, monkeypatch):
    monkeypatch.setenv("GRADKATA_SECRET", "of the teacher")
    body, state, words = HOSTILE[name]

    rows, after = judged(body), judged()

    assert (rows["halve"].state, rows["double"].state) == (state, "done")
    assert words in rows["halve"].sentence
    assert {row.state for row in after.values()} == {"done"}


LEFT = {
    "a file in /tmp": "open('/tmp/left', 'w').close()",
    "a file in shared memory": "open('/dev/shm/left', 'w').close()",
    "a file beside the answer": "open(__file__ + '.left', 'w').close()",
    "a daemon": "import os; os.fork() or os.execv('/bin/sleep', ['left', '99'])",
    "an answer of its own": "open(__file__, 'w').write('left')",
}
SEEN = """
import os, pathlib
places = ["/tmp", "/dev/shm", os.path.dirname(os.path.dirname(__file__))]
seen = [str(f) for place in places for f in pathlib.Path(place).rglob("*") if f.is_file()]
for f in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
    seen += [f.read_text()] * (f.parent.name != str(os.getpid()))
assert 0, [s for s in seen if s != __file__ and "left" in s]
assert "return 0" not in open(__file__).read(), "left"
"""


@pytest.mark.parametrize("name", LEFT)
def test_what_an_answer_leaves_is_gone_before_the_next(name, judged):
    judged(LEFT[name] + "\nreturn 0")

    assert judged(SEEN)["halve"].sentence.splitlines()[0] == "[]"


def test_nothing_runs_on_after_the_end_of_all(exercise, judged):
    judged("import os; os.fork() or os.execv('/bin/sleep', ['gradkata-left', '99'])")
    servers.close_all()
    servers.begin()

    lines = [" ".join(p.info["cmdline"] or []) for p in psutil.process_iter(["cmdline"])]
    assert [line for line in lines if "gradkata-left" in line] == []


def test_a_task_is_done_where_it_is_done_on_each_seed(judged):
    body = """
    import random
    return x / 2 if hash(random.getstate()) == {} else 0
    """
    first = judged("import random; raise ValueError(hash(random.getstate()))", seeds=[7])
    number = first["halve"].sentence.removeprefix("ValueError: ")

    assert judged(body.format(number), seeds=[7])["halve"].state == "done"
    assert judged(body.format(number), seeds=[7, 8])["halve"].state == "wrong"


def test_a_place_is_told_in_what_was_handed_in(judged):
    assert judged("return 0")["halve"].place == "ann/slopes.py:11"


def test_another_version_of_the_tests_is_refused_by_name(exercise):
    unit = {"root": str(exercise.root), "exercise": exercise.name, "expects": {"tests": "other"}}

    assert servers.judge_unit(unit) == {"failed": "another version of the tests is on this machine"}


def test_the_course_that_judges_is_a_copy_without_solutions_and_with_stubs(exercise):
    exercise.file.write_text("raise SystemExit('of the teacher')")
    material.forget_copies()

    copy = material.copy_of(exercise.root)

    assert "raise NotImplementedError" in course.Exercise(copy, exercise.name).file.read_text()
    assert not (copy / "solutions").exists()


def test_without_bubblewrap_it_says_why(monkeypatch):
    sandbox.why_not.cache_clear()
    monkeypatch.setattr(sandbox, "shutil", types.SimpleNamespace(which=lambda _: None))

    why = sandbox.why_not()

    sandbox.why_not.cache_clear()
    assert why == "bubblewrap is not installed (its command is bwrap)"
