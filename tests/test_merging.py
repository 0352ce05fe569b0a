"""A learner's half-done file that is brought to a new version of its stub."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gradkata.course.merging import merge
from gradkata.course.pieces import NotPlain

HEAD = '"""Slopes."""\n\nimport math\n'
STUB = "raise NotImplementedError"


def task(name, doc, body=STUB, arguments="x"):
    return f'\n\ndef {name}({arguments}):\n    """{doc}"""\n    {body}\n'


OLD = HEAD + task("double", "Return twice x.") + task("halve", "Return half of x.")
NEW = (
    HEAD.replace("import math", "import itertools\nimport math")
    + task("double", "Return two times x.")
    + task("halve", "Return half of x.")
    + task("third", "Return a third of x.")
)
DOUBLE = task("double", "Return twice x.", "return 2 * x")
HALVE = task("halve", "Return half of x.", "return x / 2")
MINE = HEAD + DOUBLE + HALVE
NEW_DOUBLE = task("double", "Return two times x.", "return 2 * x")
NEW_HEAD = HEAD.replace("import math", "import itertools\nimport math")
THIRD = task("third", "Return a third of x.")
ANOTHER = "double has another docstring now"
INNER = "  def inner():\n    return x\n\n  return 2 * inner()\n  # done\n"
# The same words as in OLD, on other lines.
FOLDED = OLD.replace("Return twice x.", "Return\n    twice x.")
# A comment between the head and the docstring.
NOTE = ("def double(x):\n", "def double(x):\n    # Mine.\n")
THIRD_IS_NEW = "third is new"
NOT_PLAIN = "double is another in the new version, and yours stays: it is not plain what goes where"

# What a learner began with, what is new, what the learner has, what comes of it, and what is said.
CASES = {
    "answers to both": (
        OLD,
        NEW,
        MINE,
        NEW_HEAD + NEW_DOUBLE + HALVE + THIRD,
        [ANOTHER, THIRD_IS_NEW],
    ),
    "nothing written": (OLD, NEW, OLD, NEW, [ANOTHER, THIRD_IS_NEW]),
    "the same version": (OLD, OLD, MINE, MINE, []),
    "the old stub is not known": (
        None,
        NEW,
        MINE,
        NEW_HEAD + NEW_DOUBLE + HALVE + THIRD,
        [ANOTHER],
    ),
    "imports, constants, helpers and comments of one's own": (
        OLD,
        NEW,
        HEAD
        + "import os\n\n# Mine.\nTWO = 2\n"
        + DOUBLE
        + "\n\n# to halve\ndef own():\n    pass\n"
        + HALVE,
        NEW_HEAD
        + "import os\n\n# Mine.\nTWO = 2\n"
        + NEW_DOUBLE
        + "\n\n# to halve\ndef own():\n    pass\n"
        + HALVE
        + THIRD,
        [ANOTHER, THIRD_IS_NEW],
    ),
    "a task renamed": (
        OLD,
        OLD.replace("halve", "half"),
        MINE,
        MINE.replace("halve", "half"),
        ["halve is called half now"],
    ),
    "a task renamed that other code calls": (
        OLD,
        OLD.replace("halve", "half"),
        MINE.replace("2 * x", "4 * halve(x)"),
        HEAD
        + task("double", "Return twice x.", "return 4 * halve(x)")
        + task("half", "Return half of x.")
        + HALVE,
        ["halve is not in the new version; yours stays, for your file uses it", "half is new"],
    ),
    "a task removed": (
        OLD,
        HEAD + task("double", "Return twice x."),
        MINE,
        HEAD + DOUBLE,
        ["halve is not in the new version; yours is in the file kept beside"],
    ),
    "tasks reordered by the new version": (
        OLD,
        HEAD + task("halve", "Return half of x.") + task("double", "Return twice x."),
        HEAD
        + "\n\ndef own():\n    pass\n"
        + DOUBLE
        + "\n\n# of halve\ndef less():\n    pass\n"
        + HALVE,
        HEAD
        + "\n\ndef own():\n    pass\n"
        + HALVE
        + DOUBLE
        + "\n\n# of halve\ndef less():\n    pass\n",
        [],
    ),
    "tasks reordered, of which the first needs a decorator of one's own": (
        OLD,
        HEAD + task("halve", "Return half of x.") + task("double", "Return twice x."),
        HEAD + DOUBLE + "\n\ndef own(f):\n    return f\n" + HALVE.replace("def h", "@own\ndef h"),
        HEAD + "\n\ndef own(f):\n    return f\n" + HALVE.replace("def h", "@own\ndef h") + DOUBLE,
        [],
    ),
    "tasks reordered by the learner": (
        OLD,
        NEW,
        HEAD + HALVE + DOUBLE,
        NEW_HEAD + HALVE + THIRD + NEW_DOUBLE,
        [ANOTHER, THIRD_IS_NEW],
    ),
    "a task answered twice": (
        OLD,
        NEW,
        MINE + task("double", "Return twice x.", "return x + x"),
        NEW_HEAD + DOUBLE + HALVE + THIRD + task("double", "Return two times x.", "return x + x"),
        [ANOTHER, THIRD_IS_NEW],
    ),
    "a syntax error in the middle": (
        OLD,
        NEW,
        MINE.replace("return 2 * x", "return 2 * (x"),
        NEW_HEAD + task("double", "Return twice x.", "return 2 * (x") + HALVE + THIRD,
        [
            "double cannot be parsed and stays: mend it, and kata update brings the rest",
            THIRD_IS_NEW,
        ],
    ),
    "a line outside the tasks that cannot be parsed": (
        OLD,
        NEW,
        MINE.replace("import math", "import math\nimport +"),
        NEW_HEAD + "import +\n" + NEW_DOUBLE + HALVE + THIRD,
        [ANOTHER, THIRD_IS_NEW],
    ),
    "a helper with the name of a new task, called alike": (
        OLD,
        NEW,
        MINE + "\n\ndef third(x):\n    return x / 3\n",
        NEW_HEAD + NEW_DOUBLE + HALVE + task("third", "Return a third of x.", "return x / 3"),
        [ANOTHER, "third has another docstring now"],
    ),
    "a helper with the name of a new task, called otherwise": (
        OLD,
        NEW,
        MINE + "\n\ndef third(x, y, z):\n    return z\n",
        NEW_HEAD + NEW_DOUBLE + HALVE + "\n\ndef third(x, y, z):\n    return z\n" + THIRD,
        ["third is new, and your own of that name stands above it", ANOTHER],
    ),
    "a signature changed": (
        OLD,
        OLD.replace("double(x)", "double(x, n=2)"),
        MINE,
        MINE.replace("double(x)", "double(x, n=2)"),
        ["double has another signature now"],
    ),
    "a decorator of one's own": (
        OLD,
        NEW,
        MINE.replace("def double", "@staticmethod\ndef double"),
        NEW_HEAD + NEW_DOUBLE.replace("def double", "@staticmethod\ndef double") + HALVE + THIRD,
        [ANOTHER, THIRD_IS_NEW],
    ),
    "a comment above a docstring that changes": (
        OLD,
        NEW,
        MINE.replace(*NOTE),
        NEW_HEAD + NEW_DOUBLE.replace(*NOTE) + HALVE + THIRD,
        [ANOTHER, THIRD_IS_NEW],
    ),
    "a comment above a docstring that is folded otherwise": (
        OLD,
        FOLDED,
        MINE.replace(*NOTE),
        MINE.replace(*NOTE).replace("Return twice x.", "Return\n    twice x."),
        [],
    ),
    "a docstring of one's own where the new one is folded otherwise": (
        OLD,
        FOLDED,
        MINE.replace("Return twice x.", "Return x, twice."),
        MINE.replace("Return twice x.", "Return\n    twice x."),
        [ANOTHER],
    ),
    "an answer on one line": (
        OLD,
        NEW,
        HEAD + "\n\ndef double(x): return 2 * x  # so\n" + HALVE,
        NEW_HEAD
        + '\n\ndef double(x):\n    """Return two times x."""\n    return 2 * x  # so\n'
        + HALVE
        + THIRD,
        [ANOTHER, THIRD_IS_NEW],
    ),
    "an answer indented by two, with functions in it": (
        OLD,
        NEW,
        HEAD + '\n\ndef double(x):\n  """Return twice x."""\n' + INNER + HALVE,
        NEW_HEAD + '\n\ndef double(x):\n  """Return two times x."""\n' + INNER + HALVE + THIRD,
        [ANOTHER, THIRD_IS_NEW],
    ),
    "an answer that ends in a backslash": (
        OLD,
        NEW,
        MINE.replace("return 2 * x", "return 2 * x \\"),
        NEW_HEAD + DOUBLE.replace("2 * x", "2 * x \\") + HALVE + THIRD,
        [NOT_PLAIN, THIRD_IS_NEW],
    ),
    "an answer below a form feed": (
        OLD,
        NEW,
        MINE.replace("def double", "\x0cdef double"),
        NEW_HEAD + NEW_DOUBLE + HALVE + THIRD,
        [ANOTHER, THIRD_IS_NEW],
    ),
    "an answer that is async": (
        OLD.replace("def double", "async def double"),
        NEW.replace("def double", "async def double"),
        MINE.replace("def double", "async def double"),
        NEW_HEAD + NEW_DOUBLE.replace("def double", "async def double") + HALVE + THIRD,
        [ANOTHER, THIRD_IS_NEW],
    ),
    "an answer that is no function": (
        OLD,
        NEW,
        HEAD + "\ndouble = (2).__mul__\n" + HALVE,
        NEW_HEAD + "\ndouble = (2).__mul__\n" + HALVE + THIRD,
        ["double is something else in your file, and that stays", THIRD_IS_NEW],
    ),
    "a task lost": (
        OLD,
        NEW,
        HEAD + DOUBLE,
        NEW_HEAD + NEW_DOUBLE + task("halve", "Return half of x.") + THIRD,
        [ANOTHER, "halve was not in your file; its stub is there again", THIRD_IS_NEW],
    ),
    "an import of more names": (
        OLD.replace("import math", "from math import pi"),
        OLD.replace("import math", "from math import pi, tau"),
        MINE.replace("import math", "from math import e, pi\n\n# Mine.\nE = e * pi"),
        MINE.replace("import math", "from math import pi, tau, e\n\n# Mine.\nE = e * pi"),
        [],
    ),
    "an import of fewer names, of which one is used": (
        OLD.replace("import math", "from math import e, pi, sin"),
        OLD.replace("import math", "from math import pi"),
        MINE.replace("import math", "from math import e, pi, sin\n\nE = e"),
        MINE.replace("import math", "from math import pi, e\n\nE = e"),
        [],
    ),
    "an import that went, and is used": (
        OLD,
        OLD.replace("\nimport math\n", ""),
        MINE.replace("x / 2", "math.ldexp(x, -1)"),
        MINE.replace("x / 2", "math.ldexp(x, -1)"),
        [],
    ),
    "an import that went, and is not used": (
        OLD,
        OLD.replace("import math\n", "import cmath\n"),
        MINE,
        MINE.replace("import math\n", "import cmath\n"),
        [],
    ),
}


@pytest.mark.parametrize(("old", "new", "mine", "after", "notes"), CASES.values(), ids=CASES)
def test_a_half_done_file_comes_to_the_new_version(old, new, mine, after, notes):
    merged = merge(old, new, mine)

    assert merged.text == after
    assert merged.notes == notes


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_second_merge_changes_nothing(case):
    _, new, _, after, _ = case

    assert merge(new, new, after).text == after
    assert merge(None, new, after).text == after


SQUARE = '''class Square:
    """A square."""

    def __init__(self, side):
        {init}

    def area(self):
        """{doc}"""
        {area}
'''


def square(doc, init=STUB, area=STUB):
    return SQUARE.format(doc=doc, init=init, area=area)


AROUND = (
    '\n    def around(self):\n        """Return the length."""\n        raise NotImplementedError\n'
)


def test_a_class_is_brought_to_the_new_version_method_by_method():
    own = "\n    SIDES = 4\n\n    def own(self):\n        return 1\n"
    mine = square("Return the area.", "self.side = side", "return self.side ** 2") + own

    merged = merge(square("Return the area."), square("Return its area.") + AROUND, mine)

    above = square("Return its area.", "self.side = side", "return self.side ** 2")
    assert merged.text == above + AROUND + own
    assert merged.notes == ["Square.area has another docstring now", "Square.around is new"]


@pytest.mark.parametrize("mine", ["\0", "x = 1\0\n"])
def test_what_cannot_be_taken_apart_is_not_touched(mine):
    with pytest.raises(NotPlain):
        merge(OLD, NEW, mine)


# Lines that a learner may write between any two others, right or wrong.
LINES = st.sampled_from(
    [
        "",
        "# a comment",
        "    # an indented comment",
        "import os",
        "TWO = 2; THREE = 3",
        "    return 2 * x",
        "    y = x",
        "def own(x):",
        "def third(y):",
        "class Own:",
        "@staticmethod",
        "if TWO:",
        "        x = '''",
        "'''",
        "    y = (x,",
        ")",
        "async def double(x):",
        "halve = double",
        "\tz = 1",
        "<<<<<<< HEAD",
        "\x0c",
        "x = 1 \\",
        "é = 'ü'",
    ]
)


@st.composite
def half_done(draw):
    lines = draw(st.sampled_from([OLD, MINE])).split("\n")
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(lines)))
        if draw(st.booleans()):
            lines.insert(at, draw(LINES))
        else:
            del lines[at : at + draw(st.integers(1, 4))]
    return "\n".join(lines)


def lines_of(text):
    return {line.strip() for line in text.split("\n")} - {""}


@settings(deadline=None, max_examples=200)
@given(mine=half_done(), old=st.sampled_from([OLD, None]), new=st.sampled_from([NEW, FOLDED]))
@example(mine="import os\n" + OLD, old=None, new=NEW)
@example(mine=MINE.replace(*NOTE), old=OLD, new=FOLDED)
def test_no_line_of_a_learners_own_is_lost_and_a_second_merge_changes_nothing(mine, old, new):
    try:
        merged = merge(old, new, mine)
    except NotPlain:
        # Then the file stays.
        return
    own = lines_of(mine) - lines_of(OLD) - lines_of(new)
    said = " ".join(merged.notes)

    lost = {line for line in own if line not in merged.text}
    # What gave way to ours is named; the file kept beside has it.
    assert not lost or re.search("stands|kept|called|signature|docstring", said)
    assert merge(new, new, merged.text).text == merged.text
