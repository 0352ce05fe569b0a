"""Our own solutions are right, on any numbers, and light where they must be."""

import subprocess
import sys

from judging import ROOT, STRICT, judge
from kept_answers import COURSE
from toy_course import NO_HYPOTHESIS

TASKS = {task for exercise in COURSE for task in exercise.tasks}


# One seed here; `nox -s seeds` takes 200, and the kept answers are judged on a seed each. These
# lie alone in their folder, so that no exercise needs the answer to another.
def test_pytest_ends_with_code_0_and_every_task_done_with_warnings_as_errors():
    found = judge("exercises", "--answers", "solutions", "--seed", "1", *STRICT, timeout=300)

    assert found.output.endswith(f"\n{len(TASKS)} of {len(TASKS)} tasks done\n")
    assert found.exit_code == 0


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
