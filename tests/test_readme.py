"""What the README shows and says is so."""

import re
import subprocess
import sys

import pytest
from judging import ROOT, judge
from kept_answers import COURSE

from gradkata.course import stubs

README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.fixture
def half_done(tmp_path):
    """Answers in which three tasks are solved, and the fourth drops `grad_output`."""
    (exercise,) = [e for e in COURSE if e.name == "03_custom_function"]
    solution = exercise.solution.read_text(encoding="utf-8")
    split = solution.index("class BroadcastMul")
    wrong = solution[:split].replace("return grad_output * s * (1 - s)", "return s * (1 - s)")
    answer = exercise.answer_in(tmp_path)
    answer.parent.mkdir()
    answer.write_text(wrong + stubs.derive(solution)[_stub_split(solution) :], encoding="utf-8")
    return tmp_path


def _stub_split(solution: str) -> int:
    return stubs.derive(solution).index("class BroadcastMul")


def test_the_screen_at_the_top_is_a_real_one(half_done):
    block = re.search(r"```\n(03_custom.*?)```", README, re.DOTALL)

    found = judge("exercises/03_custom_function", "--answers", str(half_done))

    screen = found.output.replace(str(half_done), "exercises")
    *shown, last = [line for line in block.group(1).splitlines() if line]
    assert [line for line in shown if line not in screen.splitlines()] == []
    assert screen.rstrip().endswith(last)


def test_the_table_has_every_exercise_with_its_number_of_tasks_and_minutes():
    rows = re.findall(
        r"^\| \[(\w+)\]\(exercises/\1/README.md\) \| .+ \| (\d+) \| (\d+) \| [\d, ]* \|$",
        README,
        re.MULTILINE,
    )

    assert rows == [
        (e.name, str(len(e.tasks)), str(_minutes(e.lesson.read_text("utf-8")))) for e in COURSE
    ]


def test_an_exercise_builds_on_earlier_ones_only():
    rows = re.findall(r"^\| \[(\d\d)_.* \| ([\d, ]*) \|$", README, re.MULTILINE)

    assert len(rows) == len(COURSE)
    assert [(own, needs) for own, needs in rows if any(n >= own for n in needs.split(", "))] == []


def test_what_a_learner_can_do_after_each_exercise_is_known_to_kata():
    assert [exercise.name for exercise in COURSE if not exercise.gain] == []


def _minutes(lesson: str) -> int:
    return sum(map(int, re.findall(r"^\| `\w+` .*\| (\d+) \|$", lesson, re.MULTILINE)))


def test_a_link_into_the_repository_or_the_page_leads_somewhere():
    links = re.findall(r"\]\((?!http)([^)]+)\)", README)
    headings = re.findall(r"^#+ (.+)$", README, re.MULTILINE)

    here = {f"#{heading.lower().replace(' ', '-')}" for heading in headings}
    assert [link for link in links if link not in here and not (ROOT / link).exists()] == []


def test_a_pytest_without_the_plugin_is_told_to_activate_the_environment():
    command = [sys.executable, "-m", "pytest", "-p", "no:gradkata", "exercises/03_custom_function"]

    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)

    assert found.returncode == 4
    assert "activate the course's environment (source .venv/bin/activate)" in found.stderr
