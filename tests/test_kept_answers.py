"""No wrong answer passes, each for the reason it names, and no right answer fails."""

from collections import Counter

import pytest
from kept_answers import COURSE, KeptAnswer, kept

from gradkata.runner import Record, judge
from gradkata.verdicts import DONE, WRONG
from gradkata.worker import Limits

WRONG_ANSWERS, RIGHT_ANSWERS = kept("wrong_answers"), kept("right_answers")
TASKS = [(exercise, task) for exercise in COURSE for task in exercise.tasks]


# The machine may be busy with other tests.
PATIENT = Limits(seconds=90)


def judged(answer: KeptAnswer, folder) -> Record:
    answer.write_into(folder / "answers")
    return judge(answer.exercise, folder / "answers", limits=PATIENT)


@pytest.mark.parametrize("answer", WRONG_ANSWERS, ids=lambda answer: answer.id)
def test_a_wrong_answer_is_wrong_for_the_reason_it_names(answer, tmp_path):
    record = judged(answer, tmp_path)

    states = {task.task: task.state for task in record.tasks}
    (text,) = ["\n".join(task.lines) for task in record.tasks if task.task == answer.task]
    assert (record.outcome, record.detail) == ("ok", "")
    assert states == dict.fromkeys(answer.exercise.tasks, DONE) | {answer.task: WRONG}, text
    assert answer.says, "a line 'says: …' is missing"
    assert [words for words in answer.says if words not in text] == [], text


@pytest.mark.parametrize("answer", RIGHT_ANSWERS, ids=lambda answer: answer.id)
def test_a_right_answer_is_done(answer, tmp_path):
    record = judged(answer, tmp_path)

    assert {task.task: task.lines for task in record.tasks if task.state != DONE} == {}
    assert record.done


@pytest.mark.parametrize(
    ("exercise", "task"), TASKS, ids=lambda value: getattr(value, "name", value)
)
def test_each_task_has_two_wrong_answers_and_a_right_one(exercise, task):
    wrong = Counter(answer.task for answer in WRONG_ANSWERS if answer.exercise == exercise)
    right = Counter(answer.task for answer in RIGHT_ANSWERS if answer.exercise == exercise)

    assert wrong[task] >= 2
    assert right[task] >= 1
