"""Each exercise is whole: its lesson runs, and names, hints and stubs fit together."""

import ast
import doctest
import re
import warnings
from collections import Counter

import pytest
import torch
from judging import judge
from kept_answers import COURSE
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser

from gradkata.course import stubs
from gradkata.results import State

TASKS = [(exercise, task) for exercise in COURSE for task in exercise.tasks]
LESSONS = Sybil([PythonCodeBlockParser(doctest_optionflags=doctest.ELLIPSIS)])

each_exercise = pytest.mark.parametrize("exercise", COURSE, ids=lambda exercise: exercise.name)
each_task = pytest.mark.parametrize(
    ("exercise", "task"), TASKS, ids=lambda value: getattr(value, "name", value)
)


def section(page: str, title: str) -> str:
    """Return what stands under a heading of a Markdown page."""
    return re.split(r"^## ", page, flags=re.MULTILINE)[1:][titles(page).index(title)]


def titles(page: str) -> list[str]:
    """Return the page's second-level headings."""
    return re.findall(r"^## (.+)$", page, flags=re.MULTILINE)


@each_exercise
def test_the_code_of_a_lesson_runs_and_prints_what_the_page_shows(exercise):
    page = LESSONS.parse(exercise.lesson)

    examples = list(page.examples())
    with torch.random.fork_rng(devices=[]), warnings.catch_warnings():
        for example in examples:
            example.evaluate()

    assert len(examples) >= 3


@each_exercise
def test_every_block_of_python_in_a_lesson_is_a_session_that_runs(exercise):
    blocks = re.findall(r"^```python\n(.*?)^```", exercise.lesson.read_text("utf-8"), re.M | re.S)

    assert [block for block in blocks if not block.startswith(">>> ")] == []


@each_exercise
def test_a_lesson_has_all_its_parts(exercise):
    page = exercise.lesson.read_text(encoding="utf-8")

    assert page.startswith(f"# {exercise.number} · ")
    assert titles(page) == [
        "The idea",
        "The tasks",
        "What trips people up",
        "Out of scope",
        "Where to read on",
    ]


@each_exercise
def test_a_lessons_table_has_the_tasks_in_order_each_with_a_sentence_a_level_and_minutes(exercise):
    table = section(exercise.lesson.read_text(encoding="utf-8"), "The tasks")

    rows = re.findall(r"^\| `(\w+)` \| \S.+? \| [●○]{3} \| \d+ \|$", table, flags=re.MULTILINE)

    assert tuple(rows) == exercise.tasks


@each_exercise
def test_an_exercise_says_how_many_minutes_its_tasks_take_in_the_lesson(exercise):
    table = section(exercise.lesson.read_text(encoding="utf-8"), "The tasks")

    minutes = re.findall(r"^\| `\w+` \| .* \| (\d+) \|$", table, flags=re.MULTILINE)

    assert exercise.about.minutes == sum(map(int, minutes))


@each_exercise
def test_an_exercise_says_what_a_learner_can_do_after_it(exercise):
    assert exercise.gain


@each_task
def test_each_task_has_two_or_three_hints(exercise, task):
    assert 2 <= len(exercise.hints(task)) <= 3


@each_exercise
def test_hints_are_for_tasks_alone(exercise):
    page = (exercise.folder / "hints.md").read_text(encoding="utf-8")

    assert tuple(titles(page)) == exercise.tasks


@each_exercise
def test_stub_and_solution_differ_in_bodies_only(exercise):
    stub = exercise.file.read_text(encoding="utf-8")

    assert stub == stubs.derive(exercise.solution.read_text(encoding="utf-8"))


@each_exercise
def test_each_task_of_a_stub_is_to_do_and_no_test_passes_on_it(exercise, tmp_path):
    stub = exercise.answer_in(tmp_path)
    stub.parent.mkdir()
    stub.write_text(stubs.derive(exercise.solution.read_text(encoding="utf-8")), encoding="utf-8")

    judgement = judge(f"exercises/{exercise.name}", "--answers", str(tmp_path))

    assert {verdict.state for verdict in judgement.verdicts} == {State.TO_DO}
    assert tuple(judgement.states()) == exercise.tasks
    assert judgement.exit_code == 1


@pytest.mark.parametrize(
    "names",
    [[task.lower() for _, task in TASKS], [e.topic.lower() for e in COURSE]],
    ids=["tasks", "modules"],
)
def test_no_two_have_one_name(names):
    assert [name for name, count in Counter(names).items() if count > 1] == []


@each_task
def test_a_file_of_tests_says_which_task_it_is_about(exercise, task):
    source = exercise.tests_of(task).read_text(encoding="utf-8")

    assert re.findall(r"^pytestmark = (.+)$", source, re.MULTILINE) == [
        f'pytest.mark.task("{task}")'
    ]
    assert re.findall(r"mark\.task\(", source) == ["mark.task("]


@each_exercise
def test_every_task_that_is_to_be_written_has_tests_and_nothing_else_has(exercise):
    solution = ast.parse(exercise.solution.read_text(encoding="utf-8"))
    to_be_written = [node.name for node in solution.body if stubs.is_task(node)]

    assert list(exercise.tasks) == to_be_written


@each_exercise
def test_no_package_of_tests_hides_another(exercise):
    # With an __init__.py in it, each folder `tests` would be the one package of that name.
    assert not (exercise.tests / "__init__.py").exists()


@each_exercise
def test_the_tests_import_nothing_else_of_the_project(exercise):
    sources = [file.read_text(encoding="utf-8") for file in exercise.tests.glob("*.py")]
    imported = [name for source in sources for name in re.findall(r"gradkata[.\w]*", source)]

    assert set(imported) == {"gradkata.checks"}
