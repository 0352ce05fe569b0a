"""`kata plot` draws an exercise's pictures by a learner's own functions."""

import runpy
import subprocess
import sys
import xml.etree.ElementTree as ET
from importlib.metadata import version
from types import ModuleType

import pytest
import torch
import toy_course
from judging import ROOT
from torch.autograd import grad

from gradkata import course
from gradkata.cli.plot import CannotDraw, draw

PICTURES = """
import slopes
from matplotlib.figure import Figure


def _points(n):
    return [slopes.double(i) for i in range(n)]


def doubled() -> Figure:
    figure = Figure()
    figure.subplots().plot(_points(3))
    return figure
"""


@pytest.fixture
def root(tmp_path, monkeypatch):
    root = toy_course.build(tmp_path / "toy")
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def slopes(root):
    exercise = course.Exercise(root, "01_slopes")
    (exercise.folder / "pictures.py").write_text(PICTURES)
    return exercise


def kata_plot(root, *arguments):
    return subprocess.run(
        [sys.executable, "-c", toy_course.RUN, "plot", *arguments],
        cwd=root,
        env=toy_course.child_environment(),
        capture_output=True,
        encoding="utf-8",
    )


def test_a_picture_is_drawn_and_its_path_printed(root, slopes):
    slopes.file.write_text(toy_course.SLOPES)

    found = kata_plot(root, "01")

    assert (found.returncode, found.stdout) == (0, ".gradkata/pictures/doubled.svg\n")
    assert ET.parse(root / ".gradkata/pictures/doubled.svg").getroot().tag.endswith("svg")


def test_a_picture_can_be_a_png_elsewhere_by_other_answers(root, slopes):
    options = ("--format", "png", "--to", "drawn", "--answers", "solutions")

    found = kata_plot(root, "slopes", *options)

    assert (found.returncode, found.stdout) == (0, "drawn/doubled.png\n")
    assert (root / "drawn/doubled.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(("said", "threads"), [("", "1"), ("3", "3")], ids=["nothing", "three"])
def test_a_picture_is_computed_on_one_thread_where_the_environment_says_nothing(
    root, slopes, monkeypatch, said, threads
):
    monkeypatch.setenv("OMP_NUM_THREADS", said)
    seen = "import os\n\nassert os.environ['OMP_NUM_THREADS'] == "
    slopes.file.write_text(f"{toy_course.SLOPES}\n\n{seen}{threads!r}\n")

    found = kata_plot(root, "01")

    assert (found.returncode, found.stderr) == (0, "")


def test_a_task_that_is_to_do_is_no_traceback(root, slopes):
    found = kata_plot(root, "01")

    assert (found.returncode, found.stdout) == (4, "")
    assert found.stderr == "the picture doubled needs double, which is still to do: kata double\n"


def test_where_no_task_is_seen_that_is_to_do_pytest_is_named(root, slopes):
    elsewhere = "def _points(n):\n    raise NotImplementedError\n"
    (slopes.folder / "pictures.py").write_text(PICTURES.replace("def _points(n):\n", elsewhere))

    found = kata_plot(root, "01")

    assert found.stderr == (
        "the picture doubled needs a task that is still to do: "
        "pytest exercises/01_slopes shows which\n"
    )


def test_a_wrong_answer_that_raises_is_named(root, slopes):
    slopes.file.write_text(toy_course.SLOPES.replace("2 * x", "x / 0"))

    found = kata_plot(root, "01")

    assert "doubled cannot be drawn by these answers: ZeroDivisionError" in found.stderr


def test_a_file_that_cannot_be_run_is_named(root, slopes):
    slopes.file.write_text("import no_such_module\n")

    found = kata_plot(root, "01")

    assert found.stderr == (
        "exercises/01_slopes/slopes.py cannot be run: "
        "ModuleNotFoundError: No module named 'no_such_module'\n"
    )


def test_an_exercise_without_pictures_says_which_have_some(root, slopes):
    found = kata_plot(root, "02")

    assert found.stderr == "02_shapes has no pictures; these have: 01\n"


def test_a_format_that_is_none_is_refused(root, slopes):
    assert kata_plot(root, "01", "--format", "bmp").stderr == (
        "--format bmp: a picture is svg or png\n"
    )


XLINK = "http://www.w3.org/1999/xlink"
X = torch.tensor([1.0, 2.0])
WITH_PICTURES = [e for e in course.exercises(ROOT) if (e.folder / "pictures.py").is_file()]


# An older matplotlib places other ticks.
DREW_THEM = tuple(map(int, version("matplotlib").split(".")[:2])) >= (3, 11)


@pytest.mark.skipif(not DREW_THEM, reason="another matplotlib drew them")
@pytest.mark.parametrize("exercise", WITH_PICTURES, ids=lambda exercise: exercise.name)
def test_the_lessons_pictures_are_what_the_solutions_draw(exercise, tmp_path):
    drawn = list(draw(exercise, ROOT / "solutions", to=tmp_path, kind="svg"))

    lesson = exercise.lesson.read_text(encoding="utf-8")
    assert drawn
    for file in drawn:
        kept = exercise.folder / file.name
        assert f"]({file.name})" in lesson
        # Shapes and words; where a point lies to the last digit is the machine's own.
        assert _outline(kept) == _outline(file)


def _outline(file):
    """Return what the groups of a drawing are called, and the letters in them."""
    found = []
    for element in ET.parse(file).getroot().iter():
        kind, link = element.tag.rpartition("}")[2], element.get(f"{{{XLINK}}}href", "")
        if kind == "g":
            found.append(element.get("id"))
        elif kind == "use" and link.startswith("#DejaVu"):
            found.append(link)
    return found


@pytest.mark.parametrize(
    ("passes", "ask"),
    [
        (1, lambda f: torch.func.grad(f)(X)),
        (2, lambda f: torch.autograd.functional.vhp(f, X, X)),
        (1, lambda f: f(X.clone().requires_grad_()).backward()),
        (1, lambda f: grad(f(x := X.clone().requires_grad_()), x)),
    ],
    ids=["torch.func", "torch.autograd.functional", "backward", "imported by name"],
)
def test_a_backward_pass_is_counted_whatever_asks_for_it(passes, ask, monkeypatch):
    exercise = next(e for e in WITH_PICTURES if e.number == "05")
    monkeypatch.setitem(sys.modules, exercise.topic, ModuleType(exercise.topic))

    pictures = runpy.run_path(str(exercise.folder / "pictures.py"))

    assert pictures["_passes"](lambda x: x.sin().sum(), ask) == passes


def test_no_exercise_is_drawn_that_has_no_pictures(tmp_path):
    exercise = next(e for e in course.exercises(ROOT) if e not in WITH_PICTURES)
    numbers = ", ".join(drawn.number for drawn in WITH_PICTURES)

    with pytest.raises(CannotDraw, match=f"{exercise.name} has no pictures; these have: {numbers}"):
        next(draw(exercise, ROOT / "solutions", to=tmp_path, kind="svg"))
