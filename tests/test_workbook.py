"""What a learner has changed, from one save to the next."""

import pytest
import toy_course

from gradkata import course
from gradkata.course import workbook


@pytest.fixture
def slopes(tmp_path):
    return course.Exercise(toy_course.build(tmp_path), "01_slopes")


@pytest.mark.parametrize(
    ("old", "new", "tasks"),
    [
        ("2 * x", "3 * x", ["double"]),
        ("    return x / 2", "    y = x\n    return y / 2", ["halve"]),
        ('    """Return half of x."""\n', "", ["halve"]),
        ("return 2 * x", "return 2 * x\n    # the end", ["double"]),
        ("return x / 2", "return x / 2\n    # the end", ["halve"]),
        ("import math", "import math\nimport sys", []),
        ("2 * x", "2 * x", []),
    ],
    ids=["a line", "a line more", "a line less", "below", "at the end", "outside", "nothing"],
)
def test_the_task_that_was_changed_is_known(old, new, tasks, slopes):
    after = toy_course.SLOPES.replace(old, new)

    assert workbook.changed_tasks(slopes, toy_course.SLOPES, after) == tasks


def test_two_tasks_may_have_changed(slopes):
    after = toy_course.SLOPES.replace("2 * x", "3 * x").replace("x / 2", "x / 3")

    assert workbook.changed_tasks(slopes, toy_course.SLOPES, after) == ["double", "halve"]


@pytest.mark.parametrize("before", ["def double(:\n", "\0", ""])
def test_of_a_text_that_cannot_be_parsed_no_task_is_known(before, slopes):
    assert workbook.changed_tasks(slopes, before, toy_course.SLOPES) == []


def test_a_file_that_is_no_text_or_not_there_has_no_text(slopes):
    slopes.file.write_bytes(b"\xff\xfe")
    assert workbook.text_of(slopes) == ""

    slopes.file.unlink()
    assert workbook.text_of(slopes) == ""
