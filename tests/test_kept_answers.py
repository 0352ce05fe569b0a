"""No wrong answer passes, each for the reason it names, and no right answer fails."""

import tempfile
import zlib
from collections import Counter
from pathlib import Path

import pytest
from kept_answers import COURSE, NAMED, KeptAnswer, batches, get_ready, kept, write

from gradkata.course import Part
from gradkata.judging.protocol import Limits
from gradkata.judging.runner import judge
from gradkata.results import Record, State, TaskRecord

WRONG_ANSWERS, RIGHT_ANSWERS = kept("wrong_answers"), kept("right_answers")
TASKS = [(exercise, task) for exercise in COURSE for task in exercise.tasks]

# The machine may be busy with other tests.
PATIENT = Limits(seconds=180)


def names_of(batch: list[KeptAnswer]) -> str:
    stems = " ".join(answer.path.stem for answer in batch)
    return f"{batch[0].exercise.name} {stems}"


def judged(batch: list[KeptAnswer], config: pytest.Config, *, whole: bool = False) -> Record:
    """Judge some answers, each in place of another task of ours, on the device asked for.

    Each batch has a seed of its own, always the same. The tasks between them are judged if asked.
    """
    device, seed = config.getoption("device"), zlib.crc32(names_of(batch).encode()) % 10_000
    exercise = batch[0].exercise
    part = Part(exercise.root, exercise.name, tuple(answer.task for answer in batch))
    get_ready()
    with tempfile.TemporaryDirectory() as folder:
        answers = Path(folder, "answers")
        write(batch, answers)
        return judge(exercise if whole else part, answers, device=device, limits=PATIENT, seed=seed)


def what_is_amiss(answer: KeptAnswer, found: TaskRecord) -> str:
    """Return in what an answer's verdict is not the one that it declares.

    Where the verdict names a mistake, that must be the one declared: it blames no other.
    """
    text = "\n".join(found.lines)
    if answer in RIGHT_ANSWERS:
        return "" if found.state == State.DONE else f"{answer.id} is {found.state}:\n{text}"
    missing = [words for words in answer.says if words not in text]
    if found.state != State.WRONG:
        return f"{answer.id} is {found.state}"
    if missing:
        return f"{answer.id} does not say {missing}, but:\n{text}"
    blamed = text.partition(NAMED)[2]
    if blamed and not any(words.removeprefix(NAMED) in blamed for words in answer.says):
        return f"{answer.id} is blamed for another mistake than it declares:\n{text}"
    return ""


@pytest.mark.parametrize("batch", batches([*WRONG_ANSWERS, *RIGHT_ANSWERS]), ids=names_of)
def test_each_answer_has_the_verdict_that_it_declares(batch, pytestconfig):
    demand_declared_ones_alone(batch, judged(batch, pytestconfig))


@pytest.mark.parametrize("first", [0, 1], ids=["even", "odd"])
@pytest.mark.parametrize("exercise", COURSE, ids=lambda exercise: exercise.name)
def test_wrong_answers_leave_the_tasks_between_them_alone(exercise, first, pytestconfig):
    of_exercise = [answer for answer in WRONG_ANSWERS if answer.exercise == exercise]
    every_other = [a for a in of_exercise if a.task in exercise.tasks[first::2]]
    batch = max(batches(every_other), key=len)
    demand_declared_ones_alone(batch, judged(batch, pytestconfig, whole=True))


def demand_declared_ones_alone(batch: list[KeptAnswer], record: Record):
    """Demand that these have the verdicts that they declare, and that what is ours is done."""
    found = {task.task: task for task in record.tasks}
    declared = {answer.task: what_is_amiss(answer, found[answer.task]) for answer in batch}
    others = {
        t.task: t.lines for t in record.tasks if t.state != State.DONE and t.task not in declared
    }
    assert (record.outcome, record.detail) == ("ok", "")
    assert [words for words in declared.values() if words] == []
    assert others == {}


def test_each_wrong_answer_names_words_of_its_verdict():
    assert [answer.id for answer in WRONG_ANSWERS if not answer.says] == []


def test_each_task_has_two_wrong_answers_and_a_right_one():
    wrong = Counter((answer.exercise, answer.task) for answer in WRONG_ANSWERS)
    right = Counter((answer.exercise, answer.task) for answer in RIGHT_ANSWERS)

    assert [task for task in TASKS if wrong[task] < 2] == []
    assert [task for task in TASKS if right[task] < 1] == []
