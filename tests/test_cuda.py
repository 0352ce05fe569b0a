"""On a GPU a judgement ends as on a CPU; `nox -s gpu` also judges the kept answers there."""

import subprocess
import sys

import pytest
import torch
import toy_course
from judging import ROOT
from kept_answers import COURSE

from gradkata import course
from gradkata.judging import runner

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device is here")

ON_A_GPU = """
import torch


def out_of_range():
    x = torch.zeros(3, device="cuda")
    return x[torch.tensor([3], device="cuda")].sum().item()
"""


@pytest.fixture
def judged(tmp_path):
    """Judge an answer whose `double` has the body given."""
    slopes = course.Exercise(toy_course.build(tmp_path / "toy"), "01_slopes")

    def judge(body, device="cuda"):
        answer = toy_course.SLOPES.replace("return 2 * x", body)
        slopes.file.write_text(ON_A_GPU + answer)
        record = runner.judge(slopes, slopes.root / "exercises", device=device)
        return {task.task: task for task in record.tasks}

    return judge


def test_kata_check_finds_every_solution_done():
    command = [sys.executable, "-c", toy_course.KATA, "check", "--answers", "solutions"]

    found = subprocess.run(
        [*command, "--device", "cuda"],
        cwd=ROOT,
        env=toy_course.child_environment(),
        capture_output=True,
        text=True,
    )

    total = sum(len(exercise.tasks) for exercise in COURSE)
    assert f"{total} of {total} tasks done" in found.stdout
    assert found.returncode == 0


@pytest.mark.parametrize("device", ["cpu", "cuda"])
def test_an_answer_may_use_the_gpu_within_the_limit_of_memory(device, judged):
    found = judged('return (2 * torch.tensor(x, device="cuda")).item()', device)

    assert {name: task.state for name, task in found.items()} == {"double": "done", "halve": "done"}


@pytest.mark.parametrize("device", ["cpu", "cuda"])
def test_an_index_out_of_range_costs_its_own_task_alone(device, judged):
    found = judged("return out_of_range()", device)

    assert {name: task.state for name, task in found.items()} == {
        "double": "wrong",
        "halve": "done",
    }
    assert "CUDA error" in "\n".join(found["double"].lines)
    assert judged("return 2 * x", device)["double"].state == "done"


def test_pytest_stops_at_what_ends_cuda_for_its_process(tmp_path):
    root = toy_course.build(tmp_path / "toy")
    answer = toy_course.SLOPES.replace("return 2 * x", "return out_of_range()")
    course.Exercise(root, "01_slopes").file.write_text(ON_A_GPU + answer)
    command = [sys.executable, "-m", "pytest", "exercises/01_slopes", "--device", "cuda"]

    found = subprocess.run(command, cwd=root, capture_output=True, text=True)

    assert "no later test can use the GPU in this process" in found.stdout
    assert "halve" not in found.stdout.partition("next:")[0]
    assert found.returncode == 2
