"""What docs/accuracy.md says of the kept answers is so, and most wrong ones are named."""

import sys
from importlib.util import module_from_spec, spec_from_file_location

import pytest
from judging import ROOT
from kept_answers import kept

DUE = 0.85


@pytest.fixture(scope="module")
def accuracy():
    spec = spec_from_file_location("accuracy", ROOT / "tools/accuracy.py")
    module = sys.modules["accuracy"] = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_has_the_table_of_now(accuracy):
    page = accuracy.PAGE.read_text(encoding="utf-8")

    assert page == accuracy.written(page), "run python tools/accuracy.py"


def test_most_wrong_answers_declare_words_that_name_the_mistake(accuracy):
    wrong = kept("wrong_answers")

    assert sum(map(accuracy.is_named, wrong)) / len(wrong) >= DUE


@pytest.mark.parametrize(
    "words",
    ["3 of 12 elements differ", "it differs", "yours is None", "'TypeError: int'", "RuntimeError"],
)
def test_a_symptom_alone_names_nothing(words, accuracy):
    assert accuracy.SYMPTOM.search(words)


@pytest.mark.parametrize("words", ["v is left out", "ValueError is due when v has shape (3, 4)"])
def test_a_cause_is_more_than_a_symptom(words, accuracy):
    assert not accuracy.SYMPTOM.search(words)
