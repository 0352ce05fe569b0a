"""No wrong answer passes, each for the reason it names, and no right answer fails."""

import tempfile
import zlib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from kept_answers import (
    COURSE,
    NAMED,
    PATIENT,
    KeptAnswer,
    batches,
    get_ready,
    kept,
    server,
    text_of,
    write,
)

from gradkata.judging.runner import judge
from gradkata.results import Record, State

WRONG_ANSWERS, RIGHT_ANSWERS = kept("wrong_answers"), kept("right_answers")
TASKS = [(exercise, task) for exercise in COURSE for task in exercise.tasks]


def names_of(batch: list[KeptAnswer]) -> str:
    stems = " ".join(answer.path.stem for answer in batch)
    return f"{batch[0].exercise.name} {stems}"


def seed_of(batch: list[KeptAnswer]) -> int:
    """Return a seed of this batch's own, always the same."""
    return zlib.crc32(names_of(batch).encode()) % 10_000


def judged_whole(batch: list[KeptAnswer], config: pytest.Config) -> Record:
    """Judge all tasks of an exercise as `kata` does, with some answers in place of ours."""
    get_ready()
    device = config.getoption("device")
    with tempfile.TemporaryDirectory() as folder:
        answers = Path(folder, "answers")
        write(batch, answers)
        exercise, seed = batch[0].exercise, seed_of(batch)
        return judge(exercise, answers, device=device, limits=PATIENT, seed=seed)


def what_is_amiss(answer: KeptAnswer, found: dict[str, Any]) -> str:
    """Return in what an answer's verdict is not the one that it declares.

    Where the verdict names a mistake, that must be the one declared: it blames no other.
    """
    text = "\n".join(found["lines"])
    if answer in RIGHT_ANSWERS:
        return "" if found["state"] == State.DONE else f"{answer.id} is {found['state']}:\n{text}"
    missing = [words for words in answer.says if words not in text]
    if found["state"] != State.WRONG:
        return f"{answer.id} is {found['state']}"
    if missing:
        return f"{answer.id} does not say {missing}, but:\n{text}"
    blamed = text.partition(NAMED)[2]
    if blamed and not any(words.removeprefix(NAMED) in blamed for words in answer.says):
        return f"{answer.id} is blamed for another mistake than it declares:\n{text}"
    return ""


@pytest.mark.parametrize("batch", batches([*WRONG_ANSWERS, *RIGHT_ANSWERS]), ids=names_of)
def test_each_answer_has_the_verdict_that_it_declares(batch, pytestconfig):
    tasks = [answer.task for answer in batch]

    told = server(pytestconfig.getoption("device")).judge(
        batch[0].exercise, text_of(batch), seed_of(batch), tasks
    )

    found = {task["task"]: task for task in told["record"]["tasks"]}
    declared = [what_is_amiss(answer, found[answer.task]) for answer in batch]
    assert (told["endings"], told["tampered"]) == ({}, "")
    assert [words for words in declared if words] == []


@pytest.mark.parametrize("exercise", COURSE, ids=lambda exercise: exercise.name)
def test_wrong_answers_leave_the_tasks_between_them_alone(exercise, pytestconfig):
    first = int(exercise.number) % 2
    of_exercise = [answer for answer in WRONG_ANSWERS if answer.exercise == exercise]
    every_other = [a for a in of_exercise if a.task in exercise.tasks[first::2]]
    batch = max(batches(every_other), key=len)
    record = judged_whole(batch, pytestconfig)

    found = {task["task"]: task for task in record.as_dict()["tasks"]}
    declared = {answer.task: what_is_amiss(answer, found[answer.task]) for answer in batch}
    others = {name: task for name, task in found.items() if name not in declared}
    assert (record.outcome, record.detail) == ("ok", "")
    assert [words for words in declared.values() if words] == []
    assert [task for task in others.values() if task["state"] != State.DONE] == []


def test_each_wrong_answer_names_words_of_its_verdict():
    assert [answer.id for answer in WRONG_ANSWERS if not answer.says] == []


def test_each_task_has_two_wrong_answers_and_a_right_one():
    wrong = Counter((answer.exercise, answer.task) for answer in WRONG_ANSWERS)
    right = Counter((answer.exercise, answer.task) for answer in RIGHT_ANSWERS)

    assert [task for task in TASKS if wrong[task] < 2] == []
    assert [task for task in TASKS if right[task] < 1] == []
