"""No wrong answer passes, each for the reason it names, and no right answer fails."""

import json
import subprocess
import sys
import tempfile
import zlib
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from judging import ROOT
from kept_answers import COURSE, NAMED, KeptAnswer, batches, get_ready, kept, text_of, write

from gradkata.grading.server import NO_CANARIES
from gradkata.judging.protocol import Limits
from gradkata.judging.runner import judge
from gradkata.results import Record, State

WRONG_ANSWERS, RIGHT_ANSWERS = kept("wrong_answers"), kept("right_answers")
TASKS = [(exercise, task) for exercise in COURSE for task in exercise.tasks]

# The machine may be busy with other tests.
PATIENT = Limits(seconds=180)


def names_of(batch: list[KeptAnswer]) -> str:
    stems = " ".join(answer.path.stem for answer in batch)
    return f"{batch[0].exercise.name} {stems}"


def seed_of(batch: list[KeptAnswer]) -> int:
    """Return a seed of this batch's own, always the same."""
    return zlib.crc32(names_of(batch).encode()) % 10_000


class Server:
    """What judges a cohort: it collects an exercise's tests once, for all answers to it.

    Here it takes the tests as they lie, committed or not, where grading takes a copy.
    """

    def __init__(self, process: subprocess.Popen[str], **serves: object) -> None:
        self.process = process
        self.ask(serves)

    def ask(self, asked: dict[str, object]) -> dict[str, Any]:
        """Return what it answers; of canaries it is told none."""
        line = json.dumps(asked) + "\n"
        while True:
            self.process.stdin.write(line)
            self.process.stdin.flush()
            told = json.loads(self.process.stdout.readline())
            if "asks" not in told:
                return told
            line = NO_CANARIES.decode()


@pytest.fixture(scope="session")
def server(pytestconfig, tmp_path_factory):
    answers, device = tmp_path_factory.mktemp("answers"), pytestconfig.getoption("device")
    serves = {"root": str(ROOT), "answers": str(answers), "device": device}
    command = [sys.executable, "-m", "gradkata.grading.server"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        yield Server(process, **serves, limits=asdict(PATIENT), isolates=False)
        process.stdin.close()


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
def test_each_answer_has_the_verdict_that_it_declares(batch, server):
    exercise, tasks = batch[0].exercise.name, [answer.task for answer in batch]
    text = text_of(batch).encode().decode("latin-1")

    told = server.ask({"exercise": exercise, "tasks": tasks, "text": text, "seed": seed_of(batch)})

    found = {task["task"]: task for task in told["record"]["tasks"]}
    declared = [what_is_amiss(answer, found[answer.task]) for answer in batch]
    assert (told["endings"], told["tampered"]) == ({}, "")
    assert [words for words in declared if words] == []


@pytest.mark.parametrize("first", [0, 1], ids=["even", "odd"])
@pytest.mark.parametrize("exercise", COURSE, ids=lambda exercise: exercise.name)
def test_wrong_answers_leave_the_tasks_between_them_alone(exercise, first, pytestconfig):
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
