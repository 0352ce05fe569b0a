"""A learner's module is found for the course's names only, and runs once, when it is asked to."""

import os
import sys
from importlib import import_module

import pytest

from gradkata.answers import AnswerFinder, AnswerLoader, is_answer

NAME = "toy_answer"


@pytest.fixture
def file(tmp_path):
    return tmp_path / f"{NAME}.py"


@pytest.fixture
def finder(file):
    finder = AnswerFinder({NAME: file})
    finder.install()
    yield finder
    if finder in sys.meta_path:
        finder.remove()


def test_a_module_is_empty_until_it_is_executed(finder, file):
    file.write_text("answer = 42\n")

    module = import_module(NAME)
    before = hasattr(module, "answer")
    module.__loader__.execute(module)

    assert not before
    assert module.answer == 42
    assert module.__file__ == str(file)


def test_a_module_can_be_imported_while_its_file_is_missing(finder):
    module = import_module(NAME)

    with pytest.raises(FileNotFoundError):
        module.__loader__.execute(module)


def test_a_module_runs_once(finder, file):
    file.write_text("runs = globals().get('runs', 0) + 1\n")
    module = import_module(NAME)

    module.__loader__.execute(module)
    module.__loader__.execute(module)

    assert module.runs == 1


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("1 / 0", ZeroDivisionError),
        ("def f(:", SyntaxError),
        ("import sys; sys.exit(3)", SystemExit),
        ("raise KeyboardInterrupt", KeyboardInterrupt),
        ("import no_such_module", ModuleNotFoundError),
        ("\0", SyntaxError),
    ],
    ids=["error", "syntax", "exit", "interrupt", "import", "null byte"],
)
def test_a_failure_comes_at_execution_and_again_the_second_time(finder, file, source, error):
    file.write_text(source)
    module = import_module(NAME)

    with pytest.raises(error) as first:
        module.__loader__.execute(module)
    with pytest.raises(error) as second:
        module.__loader__.execute(module)

    assert second.value is first.value


def test_a_change_within_the_same_second_and_of_the_same_size_is_seen(finder, file):
    results = []
    for sign in "+-":
        file.write_text(f"answer = {sign}1\n")
        os.utime(file, (1e9, 1e9))
        sys.modules.pop(NAME, None)
        module = import_module(NAME)
        module.__loader__.execute(module)
        results.append(module.answer)

    assert results == [1, -1]


def test_no_bytecode_is_left_beside_the_file(finder, file):
    file.write_text("answer = 42\n")

    module = import_module(NAME)
    module.__loader__.execute(module)

    assert [path.name for path in file.parent.iterdir()] == [file.name]


@pytest.mark.parametrize("name", ["torch", "random", f"{NAME}.part", "toy"])
def test_no_other_name_is_answered_for(finder, name):
    assert finder.find_spec(name, None) is None


def test_a_stray_file_beside_the_answer_shadows_nothing(finder, file):
    file.with_name("random.py").write_text("raise ImportError")
    file.write_text("import random\n")

    module = import_module(NAME)
    module.__loader__.execute(module)

    assert module.random.__file__ != str(file.with_name("random.py"))


def test_a_module_of_that_name_from_elsewhere_is_forgotten(file, monkeypatch):
    monkeypatch.setitem(sys.modules, NAME, sys)
    finder = AnswerFinder({NAME: file})

    finder.install()
    module = import_module(NAME)
    finder.remove()

    assert isinstance(module.__loader__, AnswerLoader)


def test_nothing_is_left_after_removal(finder, file):
    file.write_text("")
    import_module(NAME)

    finder.remove()

    assert NAME not in sys.modules
    assert finder not in sys.meta_path


def test_a_function_of_an_answer_is_told_by_its_globals(finder, file):
    file.write_text("def answer(): pass\n")
    module = import_module(NAME)
    module.__loader__.execute(module)

    assert is_answer(module.answer.__globals__)
    assert not is_answer(globals())
    assert not is_answer({})
