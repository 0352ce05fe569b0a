"""However a learner chooses what to run, the same tests run, and give the same states."""

import re

import pytest
import toy_course
from judging import ROOT, judge
from kept_answers import kept, write

from gradkata import course
from gradkata.judging.runner import judge as judge_apart
from gradkata.results import State

NAME, TASK = "09_debugging", "graph_nodes"
FOLDER, FILE = f"exercises/{NAME}", f"exercises/{NAME}/tests/test_{TASK}.py"
INSIDE = ROOT / FOLDER


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """Our solution, in which one task is wrong."""
    folder = tmp_path_factory.mktemp("answers")
    wrong = [a for a in kept("wrong_answers") if a.exercise.name == NAME and a.task == TASK]
    write(wrong[:1], folder)
    return folder


@pytest.fixture(scope="module")
def whole(answers):
    """A run of the whole exercise, which shows every task."""
    return judge(FOLDER, f"--answers={answers}")


def found(judgement):
    """Return the task and the state of each test that a run judged."""
    return {verdict.test: (verdict.task, verdict.state) for verdict in judgement.verdicts}


def of_the_task(judgement):
    return {test: pair for test, pair in found(judgement).items() if pair[0] == TASK}


def board(judgement):
    """Return the sign of each task on the screen."""
    (block,) = re.findall(rf"^{NAME}  (.+?)\n\n", judgement.output, re.MULTILINE | re.DOTALL)
    return {task: sign for sign, task in re.findall(r"([✓✗·?]) (\w+)", block)}


def test_the_whole_exercise_is_judged_task_by_task(whole):
    states = whole.states()

    (exercise,) = [e for e in course.exercises(ROOT) if e.name == NAME]
    assert tuple(states) == exercise.tasks
    assert {task for task, state in states.items() if state != State.DONE} == {TASK}
    assert states[TASK] == State.WRONG
    assert set(found(whole).values()) >= {(TASK, State.WRONG), (TASK, State.DONE)}


@pytest.mark.parametrize(
    ("folder", "arguments"),
    [(ROOT, [FOLDER, "-n", "2"]), (INSIDE, [])],
    ids=["two workers", "inside the folder"],
)
def test_the_whole_exercise_is_judged_alike(whole, answers, folder, arguments):
    judgement = judge(*arguments, f"--answers={answers}", root=folder)

    assert found(judgement) == found(whole)
    assert board(judgement) == board(whole)


@pytest.mark.parametrize(
    ("folder", "arguments"),
    [
        (ROOT, [FOLDER, "-k", TASK]),
        (ROOT, [FILE]),
        (ROOT, [FOLDER, "-k", TASK, "-n", "2"]),
        (INSIDE, ["-k", TASK]),
    ],
    ids=["-k", "its file", "-k, two workers", "-k inside the folder"],
)
def test_one_task_is_judged_as_in_the_whole(whole, answers, folder, arguments):
    judgement = judge(*arguments, f"--answers={answers}", root=folder)

    assert found(judgement) == of_the_task(whole)
    assert board(judgement) == {TASK: "✗"}


def test_what_failed_last_is_run_again_and_nothing_else(whole, answers, tmp_path):
    # What judges here leaves the cache out unless it is named.
    remembers = ("-p", "cacheprovider", "-o", f"cache_dir={tmp_path}", f"--answers={answers}")
    judge(FOLDER, *remembers)

    judgement = judge(FOLDER, *remembers, "--lf")

    failed = {test: pair for test, pair in found(whole).items() if pair[1] != State.DONE}
    assert found(judgement) == failed
    assert board(judgement) == {TASK: "✗"}


@pytest.mark.parametrize(
    ("folder", "arguments"),
    [(INSIDE, []), (ROOT, ["--rootdir", str(ROOT), str(INSIDE)])],
    ids=["inside the folder", "as an editor does"],
)
def test_the_tree_of_tests_is_what_runs_in_its_order(whole, answers, folder, arguments):
    judgement = judge("--collect-only", "-q", *arguments, f"--answers={answers}", root=folder)

    listed = re.findall(rf"^{FOLDER}/tests/(\S+::.+)$", judgement.output, re.MULTILINE)
    assert listed == list(found(whole))


def test_a_test_that_an_editor_names_runs_alone(whole, answers):
    name = next(iter(of_the_task(whole)))

    judgement = judge(f"{ROOT / FOLDER}/tests/{name}", f"--answers={answers}")

    assert found(judgement) == {name: found(whole)[name]}


# Two exercises that have each a task of one name, and share a helper of one name among its tests.
SOLUTION = """def double(x):
    return {}
"""
SHARED = """def expected(x):
    return {}
"""
TEST = """import pytest
import {}

from .shared import expected

pytestmark = pytest.mark.task("double")


def test_{}():
    assert {}.double(3) == expected(3)
"""


@pytest.fixture
def twins(tmp_path):
    root = toy_course.build(tmp_path)
    for exercise, value in zip(course.exercises(root), ("x + x", "(x, x)"), strict=True):
        for file in exercise.tests.iterdir():
            file.unlink()
        topic = exercise.topic
        exercise.solution.write_text(SOLUTION.format(value))
        (exercise.tests / "shared.py").write_text(SHARED.format(value))
        exercise.tests_of("double").write_text(TEST.format(topic, f"of_{topic}", topic))
    return root


def each_with_its_own():
    return [(name, f"test_double.py::test_of_{name[3:]}") for name in ("01_slopes", "02_shapes")]


@pytest.mark.parametrize(
    "arguments",
    [[], ["-n", "2"], ["exercises/02_shapes", "exercises/01_slopes"]],
    ids=["the course", "two workers", "the later one first"],
)
def test_no_exercise_runs_the_tests_of_another(twins, arguments):
    judgement = judge(*arguments, "--answers", "solutions", root=twins)

    ran = [(verdict.exercise, verdict.test) for verdict in judgement.verdicts]
    assert sorted(ran) == each_with_its_own()
    assert judgement.exit_code == 0


def test_no_exercise_is_judged_by_the_tests_of_another(twins):
    solved, other = course.exercises(twins)
    wrong = twins / "wrong"
    for exercise in (solved, other):
        exercise.answer_in(wrong).parent.mkdir(parents=True)
        exercise.answer_in(wrong).write_text(solved.solution.read_text())

    records = [judge_apart(exercise, wrong) for exercise in (solved, other)]

    assert [record.tasks[0].state for record in records] == [State.DONE, State.WRONG]
    assert records[1].tasks[0].found_by == "test_double.py::test_of_shapes"


def test_an_answer_whose_name_is_as_that_of_a_test_is_not_collected(tmp_path):
    root = toy_course.build(tmp_path / "toy")
    slopes = course.Exercise(root, "01_slopes")
    exercise = course.Exercise(root, "03_write_the_test")
    exercise.tests.mkdir(parents=True)
    for task in ("double", "halve"):
        test = slopes.tests_of(task).read_text(encoding="utf-8")
        exercise.tests_of(task).write_text(test.replace("slopes", exercise.topic))
    exercise.file.write_text("def double(x:")

    judgement = judge(f"exercises/{exercise.name}", root=root)

    assert judgement.states() == {"double": State.WRONG, "halve": State.WRONG}
    assert judgement.exit_code == 1
