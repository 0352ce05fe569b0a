"""No wrong answer passes, each for the reason it names, and no right answer fails."""

from collections import Counter

import pytest
from judging import judge
from kept_answers import COURSE, KeptAnswer, kept

from gradkata.verdicts import DONE, WRONG

WRONG_ANSWERS, RIGHT_ANSWERS = kept("wrong_answers"), kept("right_answers")
TASKS = [(exercise, task) for exercise in COURSE for task in exercise.tasks]


def judged(answer: KeptAnswer, folder, *arguments):
    answer.write_into(folder / "answers")
    lesson = f"exercises/{answer.exercise.name}"
    return judge(lesson, "--answers", str(folder / "answers"), *arguments)


@pytest.mark.parametrize("answer", WRONG_ANSWERS, ids=lambda answer: answer.id)
def test_a_wrong_answer_is_wrong_for_the_reason_it_names(answer, tmp_path):
    judgement = judged(answer, tmp_path)

    text = judgement.text(answer.task)
    assert judgement.exit_code == 1
    assert judgement.state(answer.task) == WRONG
    assert answer.says, "a line 'says: …' is missing"
    assert [words for words in answer.says if words not in text] == [], text
    others = {t: s for t, s in judgement.states().items() if t != answer.task}
    assert others == dict.fromkeys([t for t in answer.exercise.tasks if t != answer.task], DONE)


@pytest.mark.parametrize("answer", RIGHT_ANSWERS, ids=lambda answer: answer.id)
def test_a_right_answer_is_done(answer, tmp_path):
    judgement = judged(answer, tmp_path)

    wrong = {v.test: v.text for v in judgement.verdicts if v.state != DONE}
    assert wrong == {}
    assert judgement.exit_code == 0


@pytest.mark.parametrize(
    ("exercise", "task"), TASKS, ids=lambda value: getattr(value, "name", value)
)
def test_each_task_has_two_wrong_answers_and_a_right_one(exercise, task):
    wrong = Counter(answer.task for answer in WRONG_ANSWERS if answer.exercise == exercise)
    right = Counter(answer.task for answer in RIGHT_ANSWERS if answer.exercise == exercise)

    assert wrong[task] >= 2
    assert right[task] >= 1
