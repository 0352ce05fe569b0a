"""What helps a learner on: hints counted, definitions compared, the source of a test found."""

import pytest
import toy_course

from gradkata import course
from gradkata.course import guidance

TESTS = '''"""Tests of halving."""

import pytest


@pytest.mark.parametrize("x", [2,
                               4])
def test_halves(x):
    def twice(y):
        return 2 * y

    assert twice(x / 2) == x


class TestHalve:
    @staticmethod
    def test_zero():
        assert True
'''


@pytest.fixture
def slopes(tmp_path, monkeypatch):
    root = toy_course.build(tmp_path / "toy")
    monkeypatch.chdir(root)
    return course.Exercise(root, "01_slopes")


def source_at(exercise, line, text=TESTS):
    exercise.tests_of("halve").write_text(text)
    return guidance.source_of_test(exercise, f"exercises/01_slopes/tests/test_halve.py:{line}")


def test_the_source_of_a_test_begins_with_its_decorators(slopes):
    source = source_at(slopes, 8)

    assert source.startswith('@pytest.mark.parametrize("x", [2,\n')
    assert source.endswith("    assert twice(x / 2) == x")


def test_the_source_of_a_method_stands_at_the_margin(slopes):
    assert source_at(slopes, 17) == "@staticmethod\ndef test_zero():\n    assert True"


@pytest.mark.parametrize(
    ("line", "text"),
    [("3", TESTS), ("", TESTS), ("8", "def test(:\n    pass")],
    ids=["outside of all", "no line", "cannot be parsed"],
)
def test_where_a_test_cannot_be_told_apart_the_whole_file_is_shown(line, text, slopes):
    assert source_at(slopes, line, text) == text.rstrip("\n")


def test_a_file_of_tests_is_found_by_a_path_of_windows(slopes):
    place = r"exercises\01_slopes\tests\test_halve.py:7"

    assert guidance.source_of_test(slopes, place).startswith("def test_two_becomes_one():")


def test_a_file_of_tests_that_is_gone_has_no_source(slopes):
    assert guidance.source_of_test(slopes, "exercises/01_slopes/tests/test_gone.py:3") == ""


def test_each_request_for_a_hint_adds_a_step_until_the_last(slopes):
    first = guidance.next_hint(slopes, "double")
    second = guidance.next_hint(slopes, "double")
    third = guidance.next_hint(slopes, "double")

    assert (first.title, first.is_last) == ("double, hint 1 of 2", False)
    assert (second.title, second.is_last) == ("double, hint 2 of 2", True)
    assert second.steps == (*first.steps, "Multiply:\n\n```python\n2 * x\n```")
    assert third == second


def test_a_task_without_hints_has_none(slopes):
    assert guidance.next_hint(slopes, "other") is None


def test_two_definitions_are_compared_as_a_diff(slopes):
    slopes.file.write_text(toy_course.SLOPES.replace("x / 2", "x / 4"))

    compared = guidance.compare(slopes, "halve")

    assert compared.difference[:2] == (
        "--- exercises/01_slopes/slopes.py",
        "+++ solutions/01_slopes/slopes.py",
    )
    assert compared.difference[-2:] == ("-    return x / 4", "+    return x / 2")
    assert (compared.sentence, compared.ours) == ("", "")


def test_a_task_that_our_solution_lacks_is_said_to_be_lacking(slopes):
    assert guidance.compare(slopes, "other").sentence == "our solution does not define other"
