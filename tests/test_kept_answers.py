"""No wrong answer passes, each for the reason it names, and no right answer fails."""

import functools
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from kept_answers import COURSE, KeptAnswer, batches, kept, write

from gradkata.runner import Record, judge
from gradkata.states import DONE, WRONG
from gradkata.worker import Limits

WRONG_ANSWERS, RIGHT_ANSWERS = kept("wrong_answers"), kept("right_answers")
BATCHES = batches(WRONG_ANSWERS) + batches(RIGHT_ANSWERS)
TASKS = [(exercise, task) for exercise in COURSE for task in exercise.tasks]

# The machine may be busy with other tests.
PATIENT = Limits(seconds=180)


def cases(answers):
    """Give each answer a test of its own, and those of one batch to one process."""
    batch_of = {answer: number for number, batch in enumerate(BATCHES) for answer in batch}
    return [
        pytest.param(
            answer, batch_of[answer], id=answer.id, marks=pytest.mark.xdist_group(batch_of[answer])
        )
        for answer in answers
    ]


@functools.cache
def judged(number: int) -> Record:
    """Judge a batch of answers, each in place of another task of ours."""
    with tempfile.TemporaryDirectory() as folder:
        batch = BATCHES[number]
        write(batch, Path(folder, "answers"))
        return judge(batch[0].exercise, Path(folder, "answers"), limits=PATIENT)


def text_of(record: Record, task: str) -> str:
    (text,) = ["\n".join(found.lines) for found in record.tasks if found.task == task]
    return text


@pytest.mark.parametrize(("answer", "batch"), cases(WRONG_ANSWERS))
def test_a_wrong_answer_is_wrong_for_the_reason_it_names(answer: KeptAnswer, batch):
    record = judged(batch)

    states = {task.task: task.state for task in record.tasks}
    text = text_of(record, answer.task)
    assert (record.outcome, record.detail) == ("ok", "")
    assert states[answer.task] == WRONG, text
    assert answer.says, "a line 'says: …' is missing"
    assert [words for words in answer.says if words not in text] == [], text


@pytest.mark.parametrize(
    "number",
    [
        pytest.param(number, marks=pytest.mark.xdist_group(number))
        for number in range(len(batches(WRONG_ANSWERS)))
    ],
)
def test_wrong_answers_leave_the_other_tasks_alone(number):
    record = judged(number)

    replaced = {answer.task for answer in BATCHES[number]}
    faults = {t.task: t.lines for t in record.tasks if t.state != DONE and t.task not in replaced}
    assert faults == {}, sorted(answer.id for answer in BATCHES[number])


@pytest.mark.parametrize(("answer", "batch"), cases(RIGHT_ANSWERS))
def test_a_right_answer_is_done(answer: KeptAnswer, batch):
    record = judged(batch)

    (state,) = [task.state for task in record.tasks if task.task == answer.task]
    assert state == DONE, text_of(record, answer.task)


@pytest.mark.parametrize(
    ("exercise", "task"), TASKS, ids=lambda value: getattr(value, "name", value)
)
def test_each_task_has_two_wrong_answers_and_a_right_one(exercise, task):
    wrong = Counter(answer.task for answer in WRONG_ANSWERS if answer.exercise == exercise)
    right = Counter(answer.task for answer in RIGHT_ANSWERS if answer.exercise == exercise)

    assert wrong[task] >= 2
    assert right[task] >= 1
