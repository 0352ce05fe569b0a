"""Our own solutions are right, on any numbers, and light where they must be."""

import subprocess
import sys

import pytest
from judging import ROOT, STRICT, judge
from kept_answers import COURSE
from toy_course import NO_HYPOTHESIS

from gradkata.display import verdict_text
from gradkata.results import State

TASKS = {task for exercise in COURSE for task in exercise.tasks}


# Two here; `nox -s seeds` takes 200, and the kept answers are judged on a seed each.
@pytest.mark.parametrize("seed", [1, 2])
def test_every_task_is_done_with_warnings_as_errors_on_seed(seed):
    judgement = judge("exercises", "--answers", "solutions", *STRICT, "--seed", str(seed))

    assert {v.test: verdict_text(v) for v in judgement.verdicts if v.state != State.DONE} == {}
    assert judgement.states().keys() == TASKS
    assert judgement.exit_code == 0


@pytest.mark.parametrize("options", [[], ["-n", "2"]], ids=["in one process", "in two"])
def test_pytest_ends_with_code_0_and_every_task_done(options):
    run = [sys.executable, "-m", "pytest", *NO_HYPOTHESIS, "exercises"]
    command = [*run, "--answers", "solutions", *options]

    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)

    assert found.stdout.endswith(f"\n{len(TASKS)} of {len(TASKS)} tasks done\n")
    assert found.returncode == 0


@pytest.mark.parametrize("exercise", COURSE, ids=lambda exercise: exercise.name)
def test_an_exercise_needs_no_later_one(exercise, tmp_path):
    for other in COURSE:
        answer = other.answer_in(tmp_path)
        answer.parent.mkdir()
        text = other.solution.read_text(encoding="utf-8") if other.name <= exercise.name else ""
        answer.write_text(text, encoding="utf-8")

    judgement = judge(f"exercises/{exercise.name}", "--answers", str(tmp_path))

    assert judgement.states() == dict.fromkeys(exercise.tasks, State.DONE)


def test_the_first_exercise_imports_nothing_heavy():
    # Without -s pytest would capture what the interpreter writes.
    run = [
        "-m",
        "pytest",
        *NO_HYPOTHESIS,
        "-s",
        "exercises/01_first_gradients",
        "--answers",
        "solutions",
    ]

    found = subprocess.run(
        [sys.executable, "-X", "importtime", *run], cwd=ROOT, capture_output=True, text=True
    )

    imported = {line.rpartition("|")[2].strip() for line in found.stderr.splitlines()}
    assert found.returncode == 0
    assert "torch.autograd" in imported
    assert imported & {"sympy", "torch._dynamo", "torch.distributed.tensor"} == set()
