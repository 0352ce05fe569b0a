"""The words of a verdict: short, with the learner's own lines."""

import pytest
import toy_course
from judging import judge

from gradkata import course
from gradkata.display import verdict_text
from gradkata.results import State, Verdict


@pytest.fixture
def root(tmp_path):
    return toy_course.build(tmp_path / "toy")


@pytest.fixture
def slopes(root):
    return course.Exercise(root, "01_slopes")


def text_of_halve(slopes, body, helper=""):
    """Judge a file whose `halve` has this body."""
    source = toy_course.SLOPES.replace("return x / 2", body)
    slopes.file.write_text(source + helper)
    return judge("exercises/01_slopes", root=slopes.root).text("halve")


def test_a_task_to_do_is_one_line():
    verdict = Verdict("03_custom_function", "Sigmoid", "test", State.TO_DO, file="f.py", line=41)

    assert verdict_text(verdict) == "· Sigmoid   f.py:41   to do"


def test_a_broken_file_bears_the_name_of_its_exercise():
    verdict = Verdict(
        "03_topic", "T", "test", State.WRONG, file="f.py", line=2, lines=["no"], whole_file=True
    )

    assert verdict_text(verdict) == "✗ 03_topic   f.py:2\n    no"


def test_a_long_error_is_cut(slopes):
    text = text_of_halve(slopes, "raise ValueError('x' * 2000)")

    assert len(text) < 800
    assert "x …" in text


def test_an_error_of_many_lines_is_cut(slopes):
    text = text_of_halve(slopes, "raise ValueError('x\\n' * 50)")

    assert text.count("\n    x") == 7
    assert "x …" in text


def test_an_error_without_words_is_named(slopes):
    assert "\n    ValueError\n" in text_of_halve(slopes, "raise ValueError")


def test_an_assert_of_the_learners_own_shows_its_words(slopes):
    text = text_of_halve(slopes, "assert x < 0, 'too large'")

    assert "\n    too large\n" in text
    assert "13  assert x < 0, 'too large'   in halve" in text


@pytest.mark.parametrize("body", ["x - 0.1 * t.grad", "x - t.grad.sum()"])
def test_a_grad_that_is_none_in_arithmetic_is_said_to_be(body, slopes):
    text = text_of_halve(slopes, f"import torch; t = torch.ones(()); return {body}")

    assert "a .grad is None here: backward writes one into leaves alone" in text
    assert "after x = x - …, x is no leaf" in text


def test_a_grad_that_may_be_none_is_not_said_to_lack_one(slopes):
    source = toy_course.SLOPES.replace(
        "Return half of x.", "Return half of x; a .grad may be None."
    )
    body = "import torch; return x - torch.ones(()).grad"
    slopes.file.write_text(source.replace("return x / 2", body))

    text = judge("exercises/01_slopes", root=slopes.root).text("halve")

    assert "NoneType" in text
    assert "leaves alone" not in text
    assert "of which the docstring speaks: see what is due then" in text


def test_none_that_is_no_grad_is_not_said_to_be_one(slopes):
    text = text_of_halve(slopes, "grad = None; return x - grad")

    assert "NoneType" in text
    assert "leaves" not in text


def test_of_a_deep_call_the_last_three_lines_are_shown(slopes):
    chain = "".join(f"\n\ndef _f{i}(x):\n    return _f{i + 1}(x)\n" for i in range(5))

    text = text_of_halve(slopes, "return _f0(x)", chain + "\n\ndef _f5(x):\n    return x / 0\n")

    assert text.count("   in _f") == 3
    assert text.endswith("return x / 0   in _f5")


def test_the_place_is_where_the_learners_code_raised(slopes):
    helper = "\n\ndef _deep(x):\n    return x / 0\n"

    text = text_of_halve(slopes, "return _deep(x)", helper)

    assert text.startswith("✗ halve   exercises/01_slopes/slopes.py:17\n")


def test_the_place_of_a_wrong_value_is_the_task_itself(slopes):
    text = text_of_halve(slopes, "return x")

    assert text == "✗ halve   exercises/01_slopes/slopes.py:11\n    2 == 1"


def test_a_test_file_that_does_not_import_the_exercise_is_said_to(slopes):
    source = "import pytest\n\npytestmark = pytest.mark.task('{}')\n\n\ndef test_it(): ...\n"
    for task in slopes.tasks:
        slopes.tests_of(task).write_text(source.format(task))

    found = judge("exercises/01_slopes", root=slopes.root)

    assert "test_double.py does not import slopes" in found.output
    assert found.exit_code == 1


def test_a_stub_under_way_is_to_do_even_if_another_error_hides_it(slopes):
    body = "\n    try:\n        raise NotImplementedError\n    except NotImplementedError as e:\n"
    body += "        raise RuntimeError('batched') from e"
    slopes.file.write_text(toy_course.SLOPES.replace("return x / 2", body))

    assert judge("exercises/01_slopes", root=slopes.root).state("halve") == "to do"


def test_a_kernel_that_torch_lacks_is_wrong_and_not_to_do(slopes):
    body = "import torch; return torch.ones(1, dtype=torch.int64).lerp(torch.ones(1).long(), 0.5)"
    slopes.file.write_text(toy_course.SLOPES.replace("return x / 2", body))

    judgement = judge("exercises/01_slopes", root=slopes.root)

    assert judgement.state("halve") == "wrong"
    assert "not implemented for 'Long'" in judgement.text("halve")
