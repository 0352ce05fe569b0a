"""Of exercise 19: what each weak check lets through, and what the judge of checks says."""

import importlib
import sys
import types
from collections.abc import Iterator

import pytest
from kept_answers import COURSE, KeptAnswer, kept, write

(EXERCISE,) = [exercise for exercise in COURSE if exercise.topic == "write_the_test"]
WEAK = [answer for answer in kept("wrong_answers") if answer.exercise == EXERCISE]
COUNTED = [answer for answer in WEAK if answer._field("lets") or answer._field("rejects")]
PACKAGE = "tests_of_write_the_test"
DRAWS = range(4)


@pytest.fixture(scope="module")
def pages() -> Iterator[types.SimpleNamespace]:
    """Give the exercise's tests as modules, and what they share, without an answer."""
    package = types.ModuleType(PACKAGE)
    package.__path__ = [str(EXERCISE.tests)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, PACKAGE, package)
        patch.setitem(sys.modules, EXERCISE.topic, types.ModuleType(EXERCISE.topic))
        names = ["shared", *(f"test_{task}" for task in EXERCISE.tasks)]
        yield types.SimpleNamespace(
            **{name: importlib.import_module(f"{PACKAGE}.{name}") for name in names}
        )
        for name in names:
            del sys.modules[f"{PACKAGE}.{name}"]


def numbers(answer: KeptAnswer, field: str) -> set[int]:
    """Read `1-4 6`, the numbers of some candidates."""
    (text,) = answer._field(field) or [""]
    spans = [[int(n) for n in span.split("-")] for span in text.split()]
    return {n for first, *last in spans for n in range(first, (last or [first])[0] + 1)}


def check_of(answer: KeptAnswer, folder):
    """Return the check that a kept answer is."""
    write([answer], folder)
    names = {"__name__": EXERCISE.topic}
    exec(EXERCISE.answer_in(folder).read_text(encoding="utf-8"), names)
    return names[answer.task]


def rejected(page, shared, check, candidates, draw):
    """Return the numbers of the candidates that a check rejects."""
    said = [shared.said_of(f, check, 100 * draw + i) for i, f in enumerate(candidates.values())]
    return {i for i, one in enumerate(said, 1) if shared.is_rejection(one)}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("answer", COUNTED, ids=lambda answer: answer.path.stem)
def test_a_weak_check_lets_through_exactly_the_faults_that_it_lists(answer, pages, tmp_path):
    page, shared = getattr(pages, f"test_{answer.task}"), pages.shared
    check, faults = check_of(answer, tmp_path / "answers"), set(range(1, len(page.FAULTS) + 1))
    lets, sometimes = numbers(answer, "lets"), numbers(answer, "sometimes")

    with shared.random_numbers_put_back():
        for draw in DRAWS:
            missed = faults - rejected(page, shared, check, page.FAULTS, draw)
            assert lets <= missed <= lets | sometimes
            assert rejected(page, shared, check, page.RIGHT, draw) == numbers(answer, "rejects")


@pytest.mark.parametrize("task", EXERCISE.tasks)
def test_every_fault_is_missed_by_some_weak_check(task, pages):
    of_task = [answer for answer in COUNTED if answer.task == task]

    missed = set().union(*(numbers(answer, "lets") for answer in of_task))

    assert missed == set(range(1, len(getattr(pages, f"test_{task}").FAULTS) + 1))
