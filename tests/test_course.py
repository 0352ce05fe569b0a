import pytest
import toy_course

from gradkata import course
from gradkata.course import catalogue


@pytest.fixture
def root(tmp_path):
    return toy_course.build(tmp_path)


@pytest.fixture
def slopes(root):
    return course.Exercise(root, "01_slopes")


def test_exercises_come_in_the_order_of_their_numbers(root):
    assert [exercise.name for exercise in course.exercises(root)] == ["01_slopes", "02_shapes"]


@pytest.mark.parametrize("name", ["__pycache__", "3_short", "03-dash", "03_Upper", "notes"])
def test_a_folder_of_another_form_is_no_exercise(root, name):
    (root / "exercises" / name).mkdir()

    assert len(course.exercises(root)) == 2


def test_a_file_named_like_an_exercise_is_none(root):
    (root / "exercises" / "03_notes").write_text("")

    assert len(course.exercises(root)) == 2


def test_an_exercise_knows_where_its_files_stand(root, slopes):
    assert slopes.file == root / "exercises" / "01_slopes" / "slopes.py"
    assert slopes.tests == root / "exercises" / "01_slopes" / "tests"
    assert slopes.tests_of("double") == slopes.tests / "test_double.py"
    assert slopes.lesson == root / "exercises" / "01_slopes" / "README.md"
    assert slopes.solution == root / "solutions" / "01_slopes" / "slopes.py"
    assert slopes.answer_in(root / "mine") == root / "mine" / "01_slopes" / "slopes.py"


def test_tasks_come_in_the_order_in_which_the_solution_defines_them(root):
    shapes = course.Exercise(root, "02_shapes")

    assert shapes.tasks == ("Square", "perimeter")
    shapes.solution.write_text("def perimeter(): ...\ndef Square(): ...\n")
    assert course.Exercise(root, "02_shapes").tasks == ("perimeter", "Square")


def test_without_a_solution_the_learners_file_orders_the_tasks(slopes):
    slopes.solution.unlink()
    slopes.file.write_text("def halve(): ...\ndef double(): ...\n")

    assert slopes.tasks == ("halve", "double")


def test_a_task_that_no_file_defines_comes_last(slopes):
    slopes.tests_of("add").write_text("def test_it(): ...\n")

    assert slopes.tasks == ("double", "halve", "add")


def test_what_several_tasks_share_is_no_task(slopes):
    (slopes.tests / "shared.py").write_text("")

    assert slopes.tasks == ("double", "halve")


def test_the_functions_and_classes_of_a_task_are_those_of_its_file(root):
    shapes = course.Exercise(root, "02_shapes")

    assert shapes.functions == {"Square": ("TestSquare",), "perimeter": ("test_around_two",)}


def test_a_file_of_tests_is_about_the_task_that_it_is_named_for(slopes):
    assert slopes.task_of_file(slopes.tests / "test_clip_grad_norm_.py") == "clip_grad_norm_"
    assert slopes.task_of_file(slopes.tests / "shared.py") is None
    assert slopes.task_of_file(slopes.folder / "test_double.py") is None


TESTS = """
class Helper:
    def test_it(self): ...

@pytest.mark.parametrize("x", [1, 2])
def test_it(x): ...

class TestMore:
    async def test_it(self): ...
    def test_it_again(self): ...
"""


@pytest.mark.parametrize(
    ("test", "line"),
    [
        ("test_it[1-a::b]", ":6"),
        ("TestMore::test_it", ":9"),
        ("TestMore::test_it_again[x]", ":10"),
        ("test_nothing", ""),
    ],
)
def test_a_test_has_a_place_in_its_file(test, line, slopes):
    slopes.tests_of("double").write_text(TESTS)

    file = "exercises/01_slopes/tests/test_double.py"
    assert slopes.place_of(f"test_double.py::{test}") == f"{file}{line}"


def test_tests_that_cannot_be_parsed_are_named_by_the_error(slopes):
    slopes.tests_of("halve").write_text("def (\n")

    with pytest.raises(SyntaxError) as caught:
        _ = slopes.functions

    assert caught.value.filename == str(slopes.tests_of("halve"))


def test_hints_are_the_steps_under_the_name_of_the_task(slopes):
    assert slopes.hints("double") == [
        "Twice is `x` and `x` once more.",
        "Multiply:\n\n```python\n2 * x\n```",
    ]


def test_a_task_without_a_heading_has_no_hints(slopes):
    assert slopes.hints("triple") == []


def test_an_exercise_without_a_page_of_hints_has_none(root):
    assert course.Exercise(root, "02_shapes").hints("Square") == []


@pytest.mark.parametrize(
    "query",
    [
        "1",
        "01",
        "slopes",
        "01_slopes",
        "01_Slopes",
        "exercises/01_slopes",
        "exercises/01_slopes/",
        "exercises/01_slopes/slopes.py",
        "exercises\\01_slopes\\",
    ],
)
def test_an_exercise_is_found_by_any_name_a_learner_has_for_it(root, query):
    assert course.find_exercise(root, query).name == "01_slopes"


def test_an_unknown_exercise_is_told_with_the_nearest_that_exists(root):
    with pytest.raises(course.UnknownName) as caught:
        course.find_exercise(root, "1_slope")

    assert str(caught.value) == "no exercise matches '1_slope'; did you mean 01_slopes?"


def test_a_name_near_to_none_is_told_where_all_of_them_are(root):
    with pytest.raises(course.UnknownName) as caught:
        course.find_exercise(root, "99")

    assert str(caught.value) == "no exercise matches '99'; kata list shows them all"


def test_an_empty_name_matches_no_exercise_even_when_one_has_the_number_zero(root):
    (root / "exercises" / "00_start").mkdir()

    with pytest.raises(course.UnknownName):
        course.find_exercise(root, "")


def test_a_task_is_found_in_any_case_with_its_exercise(root):
    exercise, task = course.find_task(root, "SQUARE")

    assert (exercise.name, task) == ("02_shapes", "Square")


def test_an_unknown_task_is_told_with_the_nearest_that_exists(root):
    with pytest.raises(course.UnknownName) as caught:
        course.find_task(root, "squares")

    assert str(caught.value) == "no task is called 'squares'; did you mean Square?"


def test_a_part_of_a_name_is_near_to_it(root):
    with pytest.raises(course.UnknownName) as caught:
        course.find_task(root, "me")

    assert str(caught.value) == "no task is called 'me'; did you mean perimeter?"


def test_a_definition_counts_lines_from_one_with_its_ends():
    found = course.definitions("x = 1\ndef f():\n    return 1\n\ny = 2\n").get("f")

    assert found == course.Definition(decorated=2, first=2, last=3, methods={})


def test_a_definition_knows_where_its_decorators_begin():
    found = course.definitions("@one\n@two(\n)\nclass F:\n    x = 1\n").get("F")

    assert found == course.Definition(decorated=1, first=4, last=5, methods={})


def test_the_methods_of_a_class_are_known_by_their_lines():
    source = "class F:\n    def forward(ctx): ...\n    @staticmethod\n    def backward(ctx): ...\n"

    found = course.definitions(source).get("F")

    assert found is not None
    assert found.methods == {"forward": 2, "backward": 4}


def test_the_last_of_two_definitions_is_the_one_that_counts():
    found = course.definitions("def f(): ...\ndef f(): ...\n").get("f")

    assert found is not None
    assert found.first == 2


@pytest.mark.parametrize("source", ["", "f = 1\n", "class G:\n    def f(self): ...\n"])
def test_a_task_that_is_not_defined_at_the_top_is_not_found(source):
    assert course.definitions(source).get("f") is None


@pytest.mark.parametrize("below", ["", "exercises", "exercises/01_slopes", "solutions"])
def test_the_root_is_found_from_any_folder_of_the_course(root, below):
    assert course.find_root(root / below) == root


def test_outside_of_a_course_the_root_is_that_of_the_package(root, tmp_path_factory, monkeypatch):
    monkeypatch.setattr(catalogue, "__file__", str(root / toy_course.CATALOGUE))

    assert course.find_root(tmp_path_factory.mktemp("elsewhere")) == root


def test_no_root_is_found_where_there_is_no_course(tmp_path, monkeypatch):
    monkeypatch.setattr(catalogue, "__file__", str(tmp_path / toy_course.CATALOGUE))

    assert course.find_root(tmp_path) is None


def test_exercises_without_a_project_file_are_no_course(root):
    (root / "pyproject.toml").unlink()

    assert not course.is_root(root)
