"""What the README shows and says is so."""

import re
import subprocess
import sys

import pytest
from judging import ROOT, judge
from kept_answers import COURSE

from gradkata.course import contents, stubs

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


def test_the_table_of_exercises_says_what_they_say_of_themselves():
    assert "\n".join(contents.table(COURSE)) in README


PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_link_into_the_repository_or_a_page_leads_somewhere(page):
    links = re.findall(r"\]\((?!http)([^)]+)\)", page.read_text(encoding="utf-8"))

    assert [link for link in links if not _leads_somewhere(page, link)] == []


def _leads_somewhere(page, link):
    name, _, heading = link.partition("#")
    target = page.parent / name if name else page
    if not heading:
        return target.exists()
    headings = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.MULTILINE)
    return heading in {title.lower().replace(" ", "-") for title in headings}


def test_a_pytest_without_the_plugin_is_told_to_activate_the_environment():
    command = [sys.executable, "-m", "pytest", "-p", "no:gradkata", "exercises/03_custom_function"]

    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)

    assert found.returncode == 4
    assert "activate the course's environment (source .venv/bin/activate)" in found.stderr
