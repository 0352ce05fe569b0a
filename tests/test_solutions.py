"""Our own solutions are right, on any numbers, and light where they must be."""

import subprocess
import sys

import pytest
from judging import ROOT, STRICT
from kept_answers import COURSE
from toy_course import NO_HYPOTHESIS

from gradkata.judging.protocol import Limits
from gradkata.judging.runner import judge

TASKS = {task for exercise in COURSE for task in exercise.tasks}


# Two seeds here; `nox -s seeds` takes 200, and the kept answers are judged on a seed each.
@pytest.mark.parametrize("options", [[], ["-n", "2"]], ids=["in one process", "in two"])
def test_pytest_ends_with_code_0_and_every_task_done_with_warnings_as_errors(options):
    run = [sys.executable, "-m", "pytest", *NO_HYPOTHESIS, *STRICT, "exercises"]
    command = [*run, "--answers", "solutions", "--seed", str(1 + len(options)), *options]

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

    record = judge(exercise, tmp_path, limits=Limits(seconds=180))

    assert record.done, record


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
