"""A lesson in the terminal: its diagrams in characters, its tables whole at 80 columns."""

import re

import pytest
from judging import ROOT
from rich.console import Console

from gradkata import course
from gradkata.course import diagrams
from gradkata.display import display_path
from gradkata.watch.pages import Lesson

COURSE = course.exercises(ROOT)
each_exercise = pytest.mark.parametrize("exercise", COURSE, ids=lambda exercise: exercise.name)

CHAIN = """\
flowchart LR
    x(["x, kept"]) --> a["f(x)"] -- "3/4 · loss" --> g[".grad adds up"]
    g -->|"sum, once"| y
    y -. times 1 .-> x
    y -.->|again| x
"""


def seen(exercise, text=None, width=80):
    console = Console(width=width, color_system=None, force_terminal=True)
    lesson = Lesson(exercise, exercise.lesson.read_text(encoding="utf-8") if text is None else text)
    with console.capture() as drawn:
        for part in lesson.render(width):
            console.print(part)
    return drawn.get()


def test_arrows_that_lead_on_stand_in_a_row():
    assert diagrams.drawn(CHAIN, 80).splitlines() == [
        "x, kept ──▶ f(x) ── 3/4 · loss ─▶ .grad adds up ── sum, once ─▶ y",
        "y ┄┄ times 1 ┄▶ x, kept",
        "y ┄┄ again ┄▶ x, kept",
    ]


def test_a_row_that_is_too_long_goes_on_below():
    assert diagrams.drawn(CHAIN, 40).splitlines()[:3] == [
        "x, kept ──▶ f(x)",
        "   ── 3/4 · loss ─▶ .grad adds up",
        "   ── sum, once ─▶ y",
    ]


def test_two_boxes_of_one_name_are_told_apart():
    source = 'flowchart TD\n    n0["Mul"]\n    n1["Mul"]\n    n0 --> n1\n'

    assert diagrams.drawn(source, 80) == "Mul ──▶ Mul #2"


def test_messages_are_told_in_words_by_the_names_in_full():
    source = "sequenceDiagram\n    actor L as learner\n    L->>K: saves\n    Note over K: later\n"

    assert diagrams.in_words(source) == "Diagram, with an arrow from learner to K (saves)."


@pytest.mark.parametrize("source", ["pie\n    x: 1", "flowchart LR\n    x === y"])
def test_a_lesson_says_where_to_see_a_diagram_that_is_not_understood(source):
    page = seen(COURSE[0], f"Before.\n\n```mermaid\n{source}\n```\n\nAfter.\n")

    assert "a diagram: the book draws it (b)" in page
    assert source.splitlines()[1].strip() not in page


@each_exercise
def test_a_lesson_shows_each_diagram_drawn_and_never_its_source(exercise):
    text = exercise.lesson.read_text(encoding="utf-8")
    page = seen(exercise)

    assert "flowchart LR" not in page
    assert "flowchart TD" not in page
    assert "a diagram:" not in page
    assert bool(re.search("[─┄]▶", page)) == ("```mermaid" in text)


@each_exercise
def test_a_lesson_is_readable_at_80_columns(exercise):
    lines = seen(exercise).splitlines()
    words = {word for line in lines for word in line.split()}

    assert [line for line in lines if len(line) > 80] == []
    # No name of a task is cut where its column ends.
    assert [task for task in exercise.tasks if task not in words] == []


LESSON = """\
Call `backward`, as in [the next](../02_gradient_flow/README.md#idea) or [there](https://a.b/c):

![a curve](tangent_and_slope.svg)

```pycon
>>> x.grad
```
"""


@pytest.fixture
def painted():
    """A lesson as a terminal of 256 colours gets it."""
    console = Console(width=80, color_system="256", force_terminal=True)
    with console.capture() as drawn:
        for part in Lesson(COURSE[0], LESSON).render(80):
            console.print(part)
    return drawn.get()


def test_code_in_a_lesson_is_painted_on_the_background_that_the_terminal_has(painted):
    painting = re.findall(r"\x1b\[([\d;]*)m", painted)

    assert any(code.split(";")[:2] == ["1", "36"] for code in painting)
    assert not [code for code in painting if re.search(r"(^|;)(4\d|10\d)(;|$)", code)]


def test_links_and_pictures_of_a_lesson_lead_to_their_files_from_anywhere(painted):
    links = re.findall(r"\x1b\]8;[^;]*;([^\x1b]+)\x1b", painted)

    assert set(links) == {
        COURSE[1].lesson.as_uri(),
        (COURSE[0].folder / "tangent_and_slope.svg").as_uri(),
        "https://a.b/c",
    }


def test_a_picture_of_a_lesson_is_named_by_its_path(painted):
    path = display_path(COURSE[0].folder / "tangent_and_slope.svg")

    assert re.search(rf"a picture.*, {re.escape(path)}: *\na curve", painted)
    assert "\N{CITYSCAPE AT DUSK}" not in painted
