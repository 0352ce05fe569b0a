"""What comes out of a run for people: the page, the filled worksheet, and answers alike."""

import re

import pytest
import toy_course

from gradkata import course
from gradkata.grading import outputs, report
from gradkata.grading.discovery import Learner
from gradkata.grading.rows import Row
from gradkata.grading.similar import find_alike
from gradkata.grading.worksheet import CannotFill, fill

MOODLE = (
    "\ufeffIdentifier,Full name,Email address,Status,Grade,Maximum Grade,Feedback comments\r\n"
    'Participant 11,"Lee, Ann",ann@example.org,Submitted for grading,,100.00,"a ""b"";\r\nc"\r\n'
    "Participant 12,Bo Ek,bo@example.org,No submission,,100.00,\r\n"
)
CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Autograd (4242)\n"
    "    Points Possible,,,,,19\n"
    '"Doe, Jane",340934,77,jdoe,A,\n'
)
LEARNERS = [Learner("Ann Lee", id="11"), Learner("Bo Ek", id="12"), Learner("Cy", id="13")]
POINTS = {"Ann Lee": 17.5, "Bo Ek": 3.0, "Cy": 1.0}


def test_moodles_worksheet_is_filled_in_and_all_else_is_as_it_was():
    filled = fill(MOODLE, LEARNERS, POINTS)

    wanted = MOODLE.replace("grading,,", "grading,17.5,").replace("submission,,", "submission,3,")
    assert filled.text == wanted
    assert (filled.count, filled.not_found) == (2, ["Cy"])


def test_the_cell_of_one_whom_a_person_is_to_grade_stays_as_it_was():
    assert fill(MOODLE, LEARNERS, {"Bo Ek": 3.0}).text.count(",,") == 1


def test_what_a_person_is_to_say_is_scored_0_by_no_program(slopes):
    found = rows("ann", "done", "tampered")

    table = outputs.grades_csv(found, [slopes])
    result = outputs.gradescope(found, [slopes])

    assert table.splitlines()[2].startswith("ann,,,1,tampered: ")
    assert "score" not in result
    assert ["score" in test for test in result["tests"]] == [True, False]


def test_canvas_worksheet_is_filled_in_by_its_numbers():
    filled = fill(CANVAS, [Learner("doejane", id="340934")], {"doejane": 18.0})

    assert filled.text == CANVAS.replace("jdoe,A,", "jdoe,A,18")


def test_a_worksheet_of_another_language_and_separator_is_filled_in_by_its_title():
    text = 'ID;"Vollständiger Name";"Bewertung"\n"Teilnehmer/in 11";"Lee, Ann";""\n'

    filled = fill(text, LEARNERS, POINTS, column="Bewertung")

    assert filled.text == text.replace('""\n', '"17.5"\n')


def test_a_learner_by_hand_is_found_by_name_alone():
    text = "name,Grade\nAnn,\nBo,\n"

    assert fill(text, [Learner("ann")], {"ann": 2.0}).text == "name,Grade\nAnn,2\nBo,\n"


@pytest.mark.parametrize(
    ("text", "column", "said"),
    [
        ("name,Note\nAnn,\n", "", "name one of these by --column: name, Note"),
        (
            "name,Grade\nAnn,\n",
            "Mark",
            "no column Mark: name one of these by --column: name, Grade",
        ),
        ("name,A (1),B (2)\n", "", "which column takes the grades is not plain"),
        ("", "", "name one of these by --column: none"),
        ('name,"Grade\n', "", "a quote in it has no end"),
    ],
)
def test_a_worksheet_that_is_not_plain_is_refused(text, column, said):
    with pytest.raises(CannotFill, match=re.escape(said)):
        fill(text, LEARNERS, POINTS, column=column)


def rows(learner, *states, **more):
    return [
        Row.from_dict(
            {"learner": learner, "exercise": "01_slopes", "task": task, "state": state, **more}
        )
        for task, state in zip(("double", "halve"), states, strict=True)
    ]


def page(found, alike=()):
    return report.page(found, alike, title="hw <1>", sandbox=True)


def test_the_page_needs_no_network():
    shown = page(rows("ann", "done", "wrong"))

    assert re.findall(r"https?:|src=|@import|url\(", shown) == []


def test_the_page_shows_what_an_answer_says_as_text():
    shown = page(rows("<script>x()</script>", "done", "wrong", sentence='"><img onerror=y()>'))

    assert "<script>x()" not in shown
    assert "<img" not in shown
    assert "hw &lt;1&gt;" in shown


def test_the_page_has_a_cell_for_each_task_of_each_learner():
    found = [*rows("ann", "done", "out of memory"), *rows("bo", "not judged", "missing")]

    classes = re.findall(r'<td class="s ([\w-]+)', page(found))

    assert classes == ["done", "out-of-memory", "not-judged", "missing"]


def test_the_hardest_tasks_come_first():
    found = [*rows("ann", "done", "wrong"), *rows("bo", "done", "to do")]

    assert report.hardest(found) == [("01_slopes halve", 0.0, 2), ("01_slopes double", 1.0, 2)]


def test_a_mistake_is_counted_once_for_each_learner():
    found = [*rows("ann", "wrong", "done", mistake="x"), *rows("bo", "wrong", "done", mistake="x")]

    assert report.mistakes(found)[0] == ("double: x", 2)


@pytest.fixture
def slopes(tmp_path):
    return course.Exercise(toy_course.build(tmp_path / "toy"), "01_slopes")


LOOP = b"""def halve(x):
    '''Mine.'''
    half = 0
    while half + half < x:
        half += 1
    return half
"""
SAME = b"def halve(a):  # my own\n    h = 0\n    while h + h < a:\n        h += 1\n    return h\n"
OTHER = (
    b"def halve(x):\n    half = 1\n    while half + half < x:\n        half += 1\n    return half\n"
)


def test_answers_that_are_the_same_up_to_names_and_comments_are_alike(slopes):
    (found,) = find_alike(slopes, [("ann", LOOP), ("bo", SAME), ("cy", OTHER)])

    assert (found.task, found.learners) == ("halve", ("ann", "bo"))


def test_answers_are_alike_whatever_ends_their_lines(slopes):
    ends = [(b"\n", b"\r\n"), (b"\n", b"\r"), (b"def", b"x = 1\n\x0c\ndef")]
    answers = [(str(number), LOOP.replace(*ends[number])) for number in range(len(ends))]

    (found,) = find_alike(slopes, [("ann", LOOP), *answers])

    assert found.learners == ("ann", "0", "1", "2")


def test_ours_and_the_stub_are_like_nobodys(slopes):
    ours, stub = slopes.solution.read_bytes(), slopes.file.read_bytes()

    assert find_alike(slopes, [("ann", ours), ("bo", ours), ("cy", stub), ("di", stub)]) == []


def test_a_file_that_cannot_be_parsed_is_like_nobodys(slopes):
    assert find_alike(slopes, [("ann", b"def ("), ("bo", b"def ("), ("cy", b"\0")]) == []
