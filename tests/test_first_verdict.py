"""The first verdict waits for what its exercise needs and no more; after it the rest is ready."""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from multiprocessing import forkserver

import pytest
import toy_course

from gradkata import course
from gradkata.judging import runner
from gradkata.judging.protocol import Limits
from gradkata.watch import judge_thread
from gradkata.watch.effects import Judge
from gradkata.watch.events import Judged

pytestmark = pytest.mark.skipif(not runner.CAN_FORK, reason="a fresh process imports by itself")

PATIENT = Limits(seconds=60)
# What takes long to import; and whether the warm process has imported what any exercise may need.
NOTE = """
import json, pathlib, sys
_whole = {"torch", "torchgen", "numpy", "sympy", "matplotlib", "pandas", "scipy"}
_names = [n for n in sys.modules if n.partition(".")[0] in _whole or n == "gradkata.judging.warm"]
with pathlib.Path(__file__).with_name("loaded").open("a") as _file:
    print(json.dumps(_names), file=_file)
"""


@pytest.fixture
def root(tmp_path):
    root = toy_course.build(tmp_path / "toy")
    for exercise in course.exercises(root):
        exercise.file.write_text(exercise.solution.read_text() + NOTE)
    return root


def run(root, *command):
    environment = toy_course.child_environment()
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done


def loaded(exercise):
    """Return what was loaded each time that the exercise's file was run since the last look."""
    note = exercise.folder / "loaded"
    lines = note.read_text().splitlines()
    note.unlink()
    return [set(json.loads(line)) for line in lines]


# Judges the first exercise twice: at once, and when the rest is ready.
JUDGE_TWICE = """
from pathlib import Path
from gradkata import course
from gradkata.judging import runner

if __name__ == "__main__":
    first = course.exercises(Path.cwd())[0]
    for get_ready in (lambda: None, runner.get_the_rest_ready):
        get_ready()
        assert runner.judge(first, first.root / "exercises").done
"""


def test_the_first_judgement_has_loaded_no_more_than_pytest_loads_and_a_later_one_all(root):
    exercise = course.exercises(root)[0]
    run(root, sys.executable, "-m", "pytest", "-q", str(exercise.folder))
    (cold,) = loaded(exercise)
    (root / "judge.py").write_text(JUDGE_TWICE)

    run(root, sys.executable, "judge.py")

    first, later = loaded(exercise)
    assert "torch" in first
    assert first - cold == set()
    assert {"gradkata.judging.warm", "torch._dynamo", "matplotlib.figure"} <= later


# Judges the first exercise when a part of the rest is ready, and when all of it is.
JUDGE_BETWEEN = JUDGE_TWICE.replace("import runner", "import forked, runner").replace(
    "lambda: None", "runner._started_process(forked.ask_for_more).join"
)


def test_the_rest_is_got_ready_in_parts_and_what_is_judged_comes_between(root):
    (root / "judge.py").write_text(JUDGE_BETWEEN)

    run(root, sys.executable, "judge.py")

    between, later = loaded(course.exercises(root)[0])
    assert "sympy" in between
    assert "gradkata.judging.warm" not in between
    assert {"gradkata.judging.warm", "torch._dynamo", "matplotlib.figure"} <= later


@pytest.mark.parametrize(
    ("names", "is_whole"), [(["01"], False), (["Square"], False), ([], True)], ids=str
)
def test_only_a_check_of_several_exercises_loads_what_any_may_need(names, is_whole, root):
    run(root, sys.executable, "-c", toy_course.KATA, "check", *names)

    notes = [
        note for e in course.exercises(root) if (e.folder / "loaded").exists() for note in loaded(e)
    ]
    assert {"gradkata.judging.warm" in note for note in notes} == {is_whole}


@pytest.fixture
def judging(root, monkeypatch):
    """A thread that judges, whose warm process is told to get ready when the test allows it."""
    may, told = threading.Event(), queue.SimpleQueue()

    def get_ready():
        may.wait()
        runner.get_the_rest_ready()

    monkeypatch.setattr(judge_thread, "get_the_rest_ready", get_ready)
    judging = judge_thread.JudgeThread(root, told.put)
    judging.may, judging.told = may, told
    judging.shown.set()
    judging.start()
    yield judging
    may.set()
    judging.rest.join(timeout=60)
    for ready in list(runner._UNDER_WAY):
        ready.drop()
        ready.close()


def verdict(judging, number, exercise):
    judging.ask(Judge(number, exercise))
    while not isinstance(told := judging.told.get(timeout=60), Judged):
        pass
    return told


def test_a_save_is_judged_while_the_rest_is_got_ready_and_after_it(judging, root):
    first, second = course.exercises(root)

    assert verdict(judging, 1, first).record.done
    assert verdict(judging, 2, first).record.done
    assert verdict(judging, 3, second).record.done
    assert judging.rest.is_alive()
    assert not judging.is_warm

    judging.may.set()
    judging.rest.join(timeout=60)
    # It may have been forked before.
    assert verdict(judging, 4, first).record.done
    assert judging.is_warm
    loaded(first)
    assert verdict(judging, 5, first).record.done
    assert all("gradkata.judging.warm" in note for note in loaded(first))


def test_what_was_ready_before_waits_for_no_import(root):
    first = course.exercises(root)[0]
    judgement = runner.Judgement(first, root / "exercises", limits=PATIENT)
    warm = forkserver._forkserver._forkserver_pid
    os.kill(warm, signal.SIGSTOP)  # as busy as can be
    try:
        judgement.go()

        assert judgement.first_record().done
    finally:
        os.kill(warm, signal.SIGCONT)
        judgement.close()


def test_an_answer_finds_the_signals_as_under_pytest(root):
    first = course.exercises(root)[0]
    text = first.solution.read_text()
    first.file.write_text(f"import signal\nwas = signal.getsignal(signal.SIGUSR1)\n{text}")
    first.file.write_text(first.file.read_text().replace("return 2 * x", "return was or 2 * x"))

    assert runner.judge(first, root / "exercises", limits=PATIENT).done
