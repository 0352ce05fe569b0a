"""What an exercise says of itself, and the README's table that is made of it."""

import pytest
import toy_course

from gradkata import course
from gradkata.course import catalogue, contents
from gradkata.course.about import About

HEAD = "| exercise | afterwards you can | tasks | minutes | builds on |"
SLOPES = "| [01_slopes](exercises/01_slopes/README.md) | double and halve | 2 | 5 |  |"
SHAPES = "| [02_shapes](exercises/02_shapes/README.md) | measure a square | 2 | 6 | 01 |"
TABLE = f"{HEAD}\n| --- | --- | --- | --- | --- |\n{SLOPES}\n{SHAPES}\n"
PAGE = f"# A course\n\n{TABLE}\n| another | table |\n"

NUMBERS = "builds_on is to be a list of numbers of exercises, such as"
BROKEN = {
    'gain = "one"\nminutes = 5\n': f'{NUMBERS} ["01"]',
    'gain = "one"\nminutes = "5"\nbuilds_on = []\n': "minutes is to be a whole number above 0",
    'gain = "a | b"\nminutes = 5\nbuilds_on = []\n': "gain is to be a line of text without |",
    'gain = " "\nminutes = 5\nbuilds_on = []\n': "gain is to be a line of text without |",
    'gain = "one"\nminutes = 5\nbuilds_on = [1]\n': NUMBERS,
    'gain = "one"\nminute = 5\nbuilds_on = []\n': "minute is none of gain, minutes,",
    'gain = "one"\nminutes = 5\nbuilds_on = []\nroutes = ["weak"]\n': "routes is to be a list of",
    "gain = one\n": "Invalid value (at line 1",
}
each_broken = pytest.mark.parametrize("text", BROKEN)


@pytest.fixture
def root(tmp_path, monkeypatch):
    root = toy_course.build(tmp_path)
    (root / "README.md").write_text(PAGE)
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def slopes(root):
    return course.Exercise(root, "01_slopes")


def told(capsys, *arguments):
    """Return the exit code of the command, and what it printed."""
    code = contents.main(arguments)
    return code, capsys.readouterr().out


def test_an_exercise_says_what_it_is_for(root):
    shapes = course.Exercise(root, "02_shapes")

    assert shapes.about == About("measure a square", 6, ("01",))
    assert shapes.gain == "measure a square"


@each_broken
def test_a_learner_is_spared_a_broken_file(slopes, text):
    (slopes.folder / "exercise.toml").write_text(text)

    assert (slopes.gain, slopes.about) == ("", About())


@pytest.mark.parametrize("data", [None, b"\xff"], ids=["missing", "no text"])
def test_a_learner_is_spared_a_file_that_cannot_be_read(slopes, data):
    file = slopes.folder / "exercise.toml"
    file.unlink()
    if data is not None:
        file.write_bytes(data)

    assert slopes.gain == ""


@each_broken
def test_the_check_says_what_a_broken_file_lacks(slopes, capsys, text):
    (slopes.folder / "exercise.toml").write_text(text)

    code, out = told(capsys, "--check")

    assert code == 1
    assert out.startswith(f"01_slopes/exercise.toml: {BROKEN[text]}")


def test_the_check_says_that_a_file_is_missing(slopes, capsys):
    (slopes.folder / "exercise.toml").unlink()

    assert told(capsys, "--check") == (1, "01_slopes/exercise.toml: No such file or directory\n")


def test_an_exercise_builds_on_earlier_ones_only(root, capsys):
    file = root / "exercises" / "02_shapes" / "exercise.toml"
    file.write_text(file.read_text().replace('"01"', '"01", "02", "07"'))

    assert told(capsys, "--check") == (
        1,
        "02_shapes/exercise.toml: no exercise 02 comes before it\n"
        "02_shapes/exercise.toml: no exercise 07 comes before it\n",
    )


def test_the_check_says_that_the_table_is_in_step(root, capsys):
    assert told(capsys, "--check") == (0, "the table of exercises is in step\n")


def test_the_check_says_that_the_table_is_out_of_step_and_writes_nothing(slopes, capsys):
    page = slopes.root / "README.md"
    page.write_text(PAGE.replace("| 5 |", "| 7 |"))

    assert told(capsys, "--check") == (
        1,
        "README.md: out of step; python -m gradkata.course.contents writes its table\n",
    )
    assert page.read_text() == PAGE.replace("| 5 |", "| 7 |")


def test_the_command_writes_the_table_and_leaves_the_rest_as_it_is(root, capsys):
    page = root / "README.md"
    page.write_text(PAGE.replace(SLOPES, "| an old row |").replace(f"{SHAPES}\n", ""))

    assert told(capsys) == (0, "the table of exercises is in step\n")
    assert page.read_text() == PAGE


def test_the_command_writes_nothing_of_a_broken_file(slopes, capsys):
    (slopes.folder / "exercise.toml").write_text("")

    assert told(capsys)[0] == 1
    assert (slopes.root / "README.md").read_text() == PAGE


@pytest.mark.parametrize("text", [None, "# A course\n"], ids=["no page", "no table"])
def test_a_readme_without_a_table_is_a_sentence(root, capsys, text):
    page = root / "README.md"
    page.unlink()
    if text is not None:
        page.write_text(text)

    assert told(capsys) == (1, f"README.md: it has no table that begins {HEAD}\n")


def test_without_a_course_nothing_is_written(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(catalogue, "__file__", str(tmp_path / toy_course.CATALOGUE))

    assert contents.main([]) == 2
    assert capsys.readouterr().err == "no course here: run it where the folder exercises is\n"


# Routes


def take(root, name, *routes):
    file = root / "exercises" / name / "exercise.toml"
    file.write_text(file.read_text() + f"routes = {list(routes)}\n")


def test_the_routes_that_exercises_name_stand_below_the_table_with_their_hours(root, capsys):
    take(root, "01_slopes", "week", "afternoon")
    take(root, "02_shapes", "week")

    assert told(capsys, "--check")[0] == 1
    told(capsys)

    page = (root / "README.md").read_text()
    assert told(capsys, "--check")[0] == 0
    routes = [
        "| an afternoon | 01 | 2 | 0 |",
        "| a week of half days | 01, 02 | 4 | 0 |",
    ]
    head = "| route | exercises | tasks | hours |\n| --- | --- | --- | --- |\n"
    assert f"{TABLE}\n{head}" + "\n".join(routes) in page
    assert page.endswith("\n\n| another | table |\n")
    assert page.count(head) == 1


def test_a_route_has_all_that_its_exercises_build_on(root, capsys):
    take(root, "02_shapes", "week")

    code, said = told(capsys, "--check")

    assert code == 1
    told_of = "02_shapes/exercise.toml: 01, on which it builds, is not on the route week\n"
    assert said == told_of


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        ((1, 2, 3, 4), "01 to 04"),
        ((1, 3, 4), "01, 03, 04"),
        ((1, 2, 4, 7, 8, 9), "01, 02, 04, 07 to 09"),
    ],
)
def test_exercises_that_follow_one_another_are_a_range(numbers, text, tmp_path):
    route = contents.Route("", tuple(course.Exercise(tmp_path, f"{n:02}_x") for n in numbers))

    assert route.numbers == text
