import ast

import pytest
import toy_course
from hypothesis import given, settings
from hypothesis import strategies as st

from gradkata import course
from gradkata.course import catalogue, stubs

# A generated module is a list of pairs: lines of a solution, and what the stub has in their place.
RAISE = "raise NotImplementedError"
OUTSIDE = [
    "import math",
    "# a section",
    "\x0c",
    "limit = 'one\x0ctwo\u2028three'",
    "text = '''\ndef f():\n    return 1\n'''",
    "def _private():\n    # a note\n    return 1",
    "class _Private:\n    def f(self):\n        return 1",
    "if True:\n    def g():\n        return 2",
    "",
]
HEADERS = [
    "def f(x):",
    "def f(x):  # a note",
    "async def f(x):",
    "def _f(\n    x: int,  # a note\n    # and one more\n) -> int:",
    "@wrap\n@wrap(\n    1,\n)\ndef f(x):",
]
CLASS_HEADERS = ["class F:", "class F(\n    Base,\n):", "@wrap\nclass F:"]
DOCSTRINGS = [
    '"""One line."""',
    '"""One line."""  # a note',
    '"""\nMore\n\n# than one\n"""',
    "'one\x0cword'",
    '""""""',
]
STATEMENTS = [
    "return x",
    "x = (\n    1,\n)",
    "text = '''\n# no comment\n'''",
    "x = 'one\x0ctwo\u2028three'",
    "@wrap\n@wrap\ndef inner():\n    return x",
    "class Inner:\n    '''Docstring.'''",
    "if x:\n    pass\n    # a deep note",
    RAISE,
    "...",
]
NOTES = ["# a note", "", "# return x"]


def indented(text, by):
    return "\n".join(by + line if line else line for line in text.split("\n"))


@st.composite
def functions(draw, *, private=False):
    by = draw(st.sampled_from(["    ", "  ", "\t"]))
    header = draw(st.sampled_from([h for h in HEADERS if private or "_f" not in h]))
    docstring = draw(st.none() | st.sampled_from(DOCSTRINGS))
    before = draw(st.lists(st.sampled_from(NOTES), max_size=2))
    body = draw(st.lists(st.sampled_from(STATEMENTS), min_size=docstring is None, max_size=3))
    after = draw(st.sampled_from([[], ["# a last note"], ["", "# a last note"]]))
    comments = before if body or after else []
    kept = [header] + ([indented(docstring, by)] if docstring is not None else [])
    written = [indented(text, by) for text in comments + body + after]
    return "\n".join(kept + written), "\n".join([*kept, by + RAISE])


@st.composite
def classes(draw):
    by = draw(st.sampled_from(["    ", "\t"]))
    header = draw(st.sampled_from(CLASS_HEADERS))
    attribute = ("limit = 1", "limit = 1")
    note = ("# between methods", "# between methods")
    members = draw(st.lists(functions(private=True) | st.just(attribute) | st.just(note)))
    both = zip(*[attribute, *members], strict=True)
    return tuple("\n".join([header, *(indented(text, by) for text in half)]) for half in both)


@st.composite
def modules(draw):
    same = st.sampled_from(OUTSIDE).map(lambda text: (text, text))
    parts = draw(st.lists(functions() | classes() | same, max_size=6))
    end = draw(st.sampled_from(["", "\n"]))
    return tuple("\n".join(half) + end for half in zip(*parts, strict=True)) or ("", "")


generated = settings(deadline=None, max_examples=150)


@generated
@given(modules())
def test_a_stub_keeps_everything_outside_the_bodies_and_nothing_of_them(module):
    solution, stub = module

    assert stubs.derive(solution) == stub


@generated
@given(modules())
def test_the_stub_of_a_stub_is_the_same(module):
    stub = stubs.derive(module[0])

    assert stubs.derive(stub) == stub


@generated
@given(modules())
def test_a_stub_can_be_parsed_and_keeps_every_docstring_to_be_read(module):
    solution, stub = ast.parse(module[0]), ast.parse(stubs.derive(module[0]))

    assert docstrings_of(stub) == docstrings_of(solution)


@generated
@given(modules())
def test_a_stub_is_untouched(module):
    assert stubs.is_untouched(stubs.derive(module[0]))


def docstrings_of(module):
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    functions = [node for node in ast.walk(module) if isinstance(node, kinds)]
    # `inner` stands in bodies only.
    return [(f.name, ast.get_docstring(f, clean=False)) for f in functions if f.name != "inner"]


@pytest.mark.parametrize(
    "source",
    [
        "def f(x): return x\n",
        "def f(\n    x): return x\n",
        'def f(x): """Docstring."""\n',
        'def f(x):\n    """Docstring."""; return x\n',
    ],
)
def test_a_body_that_shares_a_line_is_refused(source):
    with pytest.raises(ValueError, match="the body of f needs a line of its own"):
        stubs.derive(source)


def test_the_refusal_names_the_line():
    with pytest.raises(ValueError, match="line 3: the body of f"):
        stubs.derive("x = 1\n\ndef f(x): return x\n")


def test_a_solution_that_cannot_be_parsed_has_no_stub():
    with pytest.raises(SyntaxError):
        stubs.derive("def (\n")


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("def f(): ...\n\n\ndef _g(): ...\n", ["f"]),
        ("class A:\n    x: int\n\n\nclass B:\n    def m(self): ...\n", ["B"]),
        ("import math\n\nX = 1\n", []),
    ],
    ids=["a public function", "a class with a method", "neither"],
)
def test_a_task_is_what_leaves_a_body_to_write(source, names):
    tasks = [node.name for node in ast.parse(source).body if stubs.is_task(node)]

    assert tasks == names


@pytest.mark.parametrize(
    "answer",
    [
        "def f(x):\n    return x\n",
        "def f(x):\n    # my idea\n    raise NotImplementedError\n",
        "def f(x):\n    raise NotImplementedError\n    # my idea\n",
        "def f(x):\n    raise NotImplementedError  # my idea\n",
        "def f(x): return x\n",
        "def (\n",
    ],
    ids=["a body", "a note before", "a note after", "a note beside", "one line", "no syntax"],
)
def test_a_file_in_which_something_was_written_is_not_untouched(answer):
    assert not stubs.is_untouched(answer)


@pytest.fixture
def slopes(tmp_path, monkeypatch):
    root = toy_course.build(tmp_path)
    monkeypatch.chdir(root)
    return course.Exercise(root, "01_slopes")


def test_a_stub_in_step_is_left_as_it_is(slopes):
    assert stubs.write(slopes) == "01_slopes: in step"


def test_a_missing_stub_is_written(slopes):
    slopes.file.unlink()

    assert stubs.write(slopes) == "01_slopes: written"
    assert not stubs.out_of_step(slopes)


def test_a_stub_of_an_older_solution_is_written(slopes):
    slopes.solution.write_text("def triple(x):\n    return 3 * x\n")

    assert stubs.write(slopes) == "01_slopes: written"
    assert slopes.file.read_text() == "def triple(x):\n    raise NotImplementedError\n"


def test_a_file_that_holds_answers_is_left_alone(slopes):
    slopes.file.write_text(toy_course.SLOPES)

    said = stubs.write(slopes)

    assert said == "01_slopes: holds answers, left alone; kata reset 01 first"
    assert slopes.file.read_text() == toy_course.SLOPES


def test_a_missing_stub_is_out_of_step(slopes):
    slopes.file.unlink()

    assert stubs.out_of_step(slopes)


def test_the_check_says_that_all_are_in_step(slopes, capsys):
    assert stubs.main(["--check"]) == 0
    assert capsys.readouterr().out == "stubs are in step\n"


def test_the_check_names_what_is_out_of_step_and_fails(slopes, capsys):
    slopes.file.write_text(toy_course.SLOPES)

    assert stubs.main(["--check"]) == 1
    assert capsys.readouterr().out == "01_slopes: out of step\n"


def test_the_check_writes_nothing(slopes):
    slopes.file.write_text("")

    stubs.main(["--check"])

    assert slopes.file.read_text() == ""


def test_writing_the_stubs_says_what_was_done_with_each(slopes, capsys):
    slopes.file.unlink()

    assert stubs.main([]) == 0
    assert capsys.readouterr().out == "01_slopes: written\n02_shapes: in step\n"


def test_without_a_course_nothing_is_written(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(catalogue, "__file__", str(tmp_path / toy_course.CATALOGUE))

    assert stubs.main([]) == 2
    assert capsys.readouterr().err == "no course here: run it where the folder exercises is\n"
