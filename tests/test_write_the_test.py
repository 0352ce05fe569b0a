"""Of exercise 19: what each weak check lets through, and what the judge of checks says."""

import importlib
import inspect
import random
import sys
import types
import unittest
import warnings
from collections.abc import Iterator

import numpy as np
import pytest
import torch
from kept_answers import COURSE, KeptAnswer, kept, write

from gradkata.checks import Wrong

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


RIGHT = {"it is 2 * x": lambda x: 2 * x}
FAULTS = {f"it is {n} * x": lambda x, n=n: n * x for n in (3, 4, 5, 6, 7)}


def demand_2(double):
    assert double(3) == 6, f"it is {double(3)}"


def test_a_check_that_is_right_passes(pages):
    pages.shared.judge(demand_2, RIGHT, FAULTS)


def verdict_of(check, pages, right=RIGHT, faults=FAULTS):
    with pytest.raises(Wrong) as raised:
        pages.shared.judge(check, right, faults)
    return str(raised.value)


def test_a_verdict_counts_the_faults_that_are_caught_and_names_three_that_are_not(pages):
    def check(double):
        assert double(3) != 18, "it is 18"

    assert verdict_of(check, pages) == (
        "1 of 5 faults are caught. Your check lets this through:\n"
        "· it is 3 * x\n· it is 4 * x\n· it is 5 * x\n… and 1 more"
    )


def test_a_verdict_says_of_how_many_draws_a_fault_is_caught_in(pages):
    calls = []

    def check(double):
        calls.append(double(1))
        late = len(calls) > len(RIGHT) + len(FAULTS)
        assert calls[-1] == 2 or (calls[-1] == 7 and late), "it is not 2"

    assert verdict_of(check, pages) == (
        "4 of 5 faults are caught. Your check lets this through:\n"
        "· it is 7 * x (caught in 1 of 2 draws)"
    )


def test_a_verdict_says_which_right_one_is_rejected_why_it_is_right_and_what_the_check_says(pages):
    def check(double):
        raise AssertionError(f"not 7\nbut {double(3)}")

    assert verdict_of(check, pages) == (
        "your check rejects a right one: it is 2 * x\nit says: not 7\nbut 6"
    )


def test_a_verdict_says_that_a_check_rejects_a_right_one_without_a_word(pages):
    def check(double):
        raise AssertionError

    assert verdict_of(check, pages).endswith("\nit says nothing: an assert without a sentence")


@pytest.mark.parametrize("error", [ValueError("no"), KeyError("no"), pytest.fail.Exception("no")])
def test_what_a_check_raises_is_a_rejection_whatever_it_is(error, pages):
    def check(double):
        if double(1) != 2:
            raise error

    pages.shared.judge(check, RIGHT, FAULTS)


def test_a_long_text_of_a_check_is_cut(pages):
    def check(double):
        raise ValueError("x" * 10_000)

    assert verdict_of(check, pages).endswith(f"it says: ValueError: {'x' * 388} …")


@pytest.mark.parametrize(
    "error",
    [
        pytest.fail.Exception("Timeout (>20.0s) from pytest-timeout."),
        pytest.skip.Exception("later"),
        unittest.SkipTest("later"),
        SystemExit(),
        KeyboardInterrupt(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_is_no_rejection_goes_through_to_the_harness(error, pages):
    def check(double):
        raise error

    with pytest.raises(type(error)) as raised:
        pages.shared.judge(check, RIGHT, FAULTS)
    assert raised.value is error


def test_a_check_is_told_to_return_nothing(pages):
    assert verdict_of(lambda double: double(1) == 2, pages) == (
        "your check returns True where it is to return None: raise AssertionError if the candidate "
        "is wrong, and return nothing if it is right"
    )


def test_a_check_is_told_that_it_catches_without_a_word(pages):
    def check(double):
        if double(1) != 2:
            raise AssertionError("" if double(1) > 5 else "it is not 2")

    assert verdict_of(check, pages) == (
        "all 5 faults are caught, 2 of them without a word, such as this: it is 6 * x. "
        "Let each assert say what is wrong: assert …, 'the sentence'"
    )


def test_a_check_is_told_that_it_leaves_grad_mode_off(pages):
    with torch.enable_grad():
        assert verdict_of(lambda double: torch.set_grad_enabled(False) and None, pages) == (
            "your check leaves grad mode off: switch it off in a with-block, torch.no_grad()"
        )


def test_a_check_is_told_that_it_leaves_another_default_dtype(pages):
    try:
        assert verdict_of(lambda double: torch.set_default_dtype(torch.float64), pages) == (
            "your check leaves torch.float64 as the default dtype, it was torch.float32: give each "
            "tensor its dtype instead"
        )
    finally:
        torch.set_default_dtype(torch.float32)


def test_random_numbers_are_put_back_and_are_others_at_each_call(pages):
    drawn, before = [], [torch.get_rng_state().tolist(), np.random.get_state(), random.getstate()]

    def check(double):
        drawn.append((torch.rand(()).item(), np.random.random(), random.random()))
        demand_2(double)

    pages.shared.judge(check, RIGHT, FAULTS)

    now = [torch.get_rng_state().tolist(), np.random.get_state(), random.getstate()]
    assert repr(now) == repr(before)
    assert [len(set(kind)) for kind in zip(*drawn, strict=True)] == [12, 12, 12]


def test_candidates_look_alike_and_come_in_an_order_that_is_drawn_anew(pages):
    seen, order = [], []

    def check(double):
        seen.append((double.__name__, double.__code__, inspect.signature(double)))
        order.append(double(1))
        demand_2(double)

    with pages.shared.random_numbers_put_back():
        random.seed(0)
        pages.shared.judge(check, RIGHT, FAULTS)

    assert len(set(seen)) == 1
    assert sorted(order[:6]) == sorted(order[6:]) == [2, 3, 4, 5, 6, 7]
    assert order[:6] != order[6:]


@pytest.mark.filterwarnings("error")
def test_warnings_are_off_inside_a_check(pages):
    def check(double):
        warnings.warn("once in a process", stacklevel=1)
        demand_2(double)

    pages.shared.judge(check, RIGHT, FAULTS)
