"""A device that serves a process no more costs the task that lost it alone.

The device is played: what a GPU itself does is seen in `test_cuda.py`.
"""

import pytest
import toy_course
from judging import judge

from gradkata import course
from gradkata.judging import runner
from gradkata.plugin.accelerator import why_lost

LOST = "CUDA error: device-side assert triggered"
IS_LOST = f"""
import gradkata.plugin.accelerator as accelerator

accelerator.why_lost = lambda device: "{LOST}"
"""


@pytest.fixture
def root(tmp_path):
    """A course whose first task loses the device, and whose second is solved."""
    root = toy_course.build(tmp_path / "toy")
    (root / "conftest.py").write_text(IS_LOST)
    answer = toy_course.SLOPES.replace("return 2 * x", "raise IndexError('out of range')")
    course.Exercise(root, "01_slopes").file.write_text(answer)
    return root


def test_the_tasks_after_it_are_judged_by_a_new_worker(root):
    record = runner.judge(course.Exercise(root, "01_slopes"), root / "exercises")

    double, halve = record.tasks
    assert (double.state, halve.state) == ("wrong", "done")
    assert double.lines[0] == "IndexError: out of range"
    assert double.lines[-1] == LOST
    assert f"double: {LOST}" in record.detail


def test_pytest_stops_there_and_calls_no_other_task_wrong(root):
    found = judge("exercises/01_slopes", root=root)

    assert found.states() == {"double": "wrong"}
    assert f"Interrupted: double: {LOST} !" in found.output
    assert found.exit_code == 2


def test_a_device_is_lost_if_it_cannot_be_waited_for(monkeypatch):
    def lost():
        raise RuntimeError(f"{LOST}\nCUDA kernel errors might be reported later")

    monkeypatch.setattr("torch.cuda.synchronize", lost)
    assert why_lost("cuda").startswith(f"{LOST}: no later test can use the GPU in this process")
    assert why_lost("cpu") == ""

    monkeypatch.setattr("torch.cuda.synchronize", lambda: None)
    assert why_lost("cuda") == ""
