"""Whose each file is, in the layouts in which platforms hand submissions out, and in bad ones."""

import io
import re
import zipfile
from pathlib import Path

import pytest
import toy_course

from gradkata import course
from gradkata.grading import entries
from gradkata.grading.discovery import NothingFound, Unreadable, find
from gradkata.grading.entries import Bounds

SOLVED = toy_course.SLOPES


@pytest.fixture(scope="module")
def exercises(tmp_path_factory):
    return course.exercises(toy_course.build(tmp_path_factory.mktemp("course") / "toy"))


@pytest.fixture
def top(tmp_path):
    return tmp_path / "handed in"


def put(top, path, text=SOLVED):
    file = top / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def zipped(file, files):
    file.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return file


def in_bytes(files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def found(learners):
    """Return each learner's files, by exercise."""
    return {of.name: {e: s.path for e, s in of.submissions.items()} for of in learners}


LAYOUTS = {
    "Moodle's folders": (
        {
            "Ann Lee_657737_assignsubmission_file_/slopes.py": SOLVED,
            "Bo Ek_657738_assignsubmission_file_/sub/01_slopes/slopes.py": SOLVED,
            "Cy_657739_assignsubmission_file_/notes.txt": "",
        },
        {"Ann Lee": ["01_slopes"], "Bo Ek": ["01_slopes"], "Cy": []},
    ),
    "Moodle's flat files": (
        {
            "Ann Lee_657737_assignsubmission_file_slopes.py": SOLVED,
            "Ann Lee_657737_assignsubmission_file_shapes.py": SOLVED,
        },
        {"Ann Lee": ["01_slopes", "02_shapes"]},
    ),
    "Moodle's anonymous ones": (
        {
            "Participant_12_assignsubmission_file_/slopes.py": SOLVED,
            "Participant_13_assignsubmission_file_/slopes.py": SOLVED,
        },
        {"Participant 12": ["01_slopes"], "Participant 13": ["01_slopes"]},
    ),
    "Canvas": (
        {
            "doejane_340934_208490284_slopes.py": SOLVED,
            "roejohn_LATE_340935_208490285_slopes-2.py": SOLVED,
        },
        {"doejane": ["01_slopes"], "roejohn": ["01_slopes"]},
    ),
    "Gradescope": (
        {
            "assignment_5_export/submission_metadata.yml": (
                "submission_11:\n  :submitters:\n  - :name: Jane O'Doe\n    :sid: '77'\n"
                "submission_12:\n  :submitters:\n  - :name: 'It''s Me'\n    :sid: '78'\n"
                "  - :name: You Too\n    :sid: '79'\n  :created_at: 2026-01-01\n"
            ),
            "assignment_5_export/submission_11/slopes.py": SOLVED,
            "assignment_5_export/submission_12/01_slopes/slopes.py": SOLVED,
        },
        {"Jane O'Doe": ["01_slopes"], "It's Me & You Too": ["01_slopes"]},
    ),
    "nbgrader": (
        {
            "submitted/jdoe/hw1/slopes.py": SOLVED,
            "submitted/rroe/hw1/01_slopes/slopes.py": SOLVED,
        },
        {"jdoe": ["01_slopes"], "rroe": ["01_slopes"]},
    ),
    "GitHub Classroom": (
        {
            "hw1-submissions/hw1-octo-cat/exercises/01_slopes/slopes.py": SOLVED,
            "hw1-submissions/hw1-octo-cat/solutions/01_slopes/slopes.py": "1/0",
            "hw1-submissions/hw1-octo-cat/exercises/01_slopes/tests/slopes.py": "1/0",
            "hw1-submissions/hw1-hub/exercises/02_shapes/shapes.py": SOLVED,
        },
        {"octo-cat": ["01_slopes"], "hub": ["02_shapes"]},
    ),
    "a folder for each learner": (
        {"ann/slopes.py": SOLVED, "bo/hw/01_slopes/slopes.py": SOLVED, "cy/readme.txt": ""},
        {"ann": ["01_slopes"], "bo": ["01_slopes"], "cy": []},
    ),
    "one folder alone": ({"hw1/ann/slopes.py": SOLVED}, {"ann": ["01_slopes"]}),
    "a file for each learner": (
        {"ann_slopes.py": SOLVED, "slopes-bo.py": SOLVED, "shapes bo.py": SOLVED},
        {"ann": ["01_slopes"], "bo": ["01_slopes", "02_shapes"]},
    ),
    "files for each learner in one folder": (
        {"hw/ann_slopes.py": SOLVED, "hw/bo_slopes.py": SOLVED},
        {"ann": ["01_slopes"], "bo": ["01_slopes"]},
    ),
    "a fork of the course": (
        {
            "exercises/01_slopes/slopes.py": SOLVED,
            "exercises/02_shapes/shapes.py": SOLVED,
            "solutions/01_slopes/slopes.py": "1/0",
        },
        {"handed in": ["01_slopes", "02_shapes"]},
    ),
    "what browsers add": (
        {"ann/slopes (1).py": SOLVED, "bo/slopes_copy.py": SOLVED, "cy/slopes-1.py": SOLVED},
        {"ann": ["01_slopes"], "bo": ["01_slopes"], "cy": ["01_slopes"]},
    ),
    "what other programs leave": (
        {
            "ann/slopes.py": SOLVED,
            "ann/__MACOSX/slopes.py": "",
            "ann/._slopes.py": "",
            "ann/.venv/slopes.py": "",
        },
        {"ann": ["01_slopes"]},
    ),
}


@pytest.mark.parametrize("is_zip", [False, True], ids=["folder", "zip"])
@pytest.mark.parametrize("name", LAYOUTS)
def test_a_layout_says_whose_each_file_is(name, is_zip, exercises, top, tmp_path):
    files, wanted = LAYOUTS[name]
    for path, text in files.items():
        put(top, path, text)
    given = zipped(tmp_path / "handed in.zip", files) if is_zip else top

    learners = find(given, exercises)

    assert {of: sorted(files) for of, files in found(learners).items()} == wanted


def test_an_environment_of_any_name_is_not_read(exercises, top):
    put(top, "ann/slopes.py")
    put(top, "ann/mine/pyvenv.cfg", "")
    put(top, "ann/mine/slopes.py", "# other")

    assert found(find(top, exercises)) == {"ann": {"01_slopes": "ann/slopes.py"}}


def test_a_zip_for_each_learner_is_read(exercises, top):
    zipped(top / "ann.zip", {"slopes.py": SOLVED})
    zipped(top / "bo.zip", {"bo/exercises/01_slopes/slopes.py": SOLVED})

    assert found(find(top, exercises)) == {
        "ann": {"01_slopes": "ann/slopes.py"},
        "bo": {"01_slopes": "bo/bo/exercises/01_slopes/slopes.py"},
    }


def test_a_file_of_any_name_answers_the_one_exercise_that_is_graded(exercises, top):
    put(top, "ann.py")
    put(top, "bo.py")

    assert list(found(find(top, exercises[:1]))) == ["ann", "bo"]


def test_one_file_alone_is_its_owners(exercises, top):
    put(top, "ann_slopes.py")

    assert found(find(top / "ann_slopes.py", exercises)) == {"ann": {"01_slopes": "ann_slopes.py"}}


def test_a_pattern_says_whose_a_file_is(exercises, top):
    put(top, "2026/s123-x/slopes.py")
    put(top, "2026/s124-x/slopes.py")

    learners = find(top, exercises, learner=re.compile(r"(s\d+)-"))

    assert found(learners) == {
        "s123": {"01_slopes": "2026/s123-x/slopes.py"},
        "s124": {"01_slopes": "2026/s124-x/slopes.py"},
    }


def test_the_highest_attempt_counts_and_a_late_one_is_told(exercises, top):
    put(top, "doejane_LATE_340934_208490284_slopes-1.py", "# first")
    put(top, "doejane_LATE_340934_208490299_slopes-2.py", "# second")

    (learner,) = find(top, exercises)

    assert learner.late
    assert learner.submissions["01_slopes"].text == b"# second"
    assert learner.submissions["01_slopes"].notes == ("attempt 2 counts; an earlier one differs",)


def test_two_files_that_differ_are_refused_with_both_paths(exercises, top):
    put(top, "ann/old/slopes.py", "# one")
    put(top, "ann/new/slopes.py", "# other")
    put(top, "bo/a/slopes.py", "# same")
    put(top, "bo/b/slopes.py", "# same")

    ann, bo = find(top, exercises)

    words = "there are 2 files that differ: ann/new/slopes.py and ann/old/slopes.py"
    assert (ann.submissions, ann.refused) == ({}, {"01_slopes": words})
    assert bo.submissions["01_slopes"].text == b"# same"


def test_two_learners_of_one_name_are_kept_apart(exercises, top):
    put(top, "Ann Lee_1_assignsubmission_file_/slopes.py", "# one")
    put(top, "Ann Lee_2_assignsubmission_file_/slopes.py", "# other")

    assert list(found(find(top, exercises))) == ["Ann Lee (1)", "Ann Lee (2)"]


def test_names_that_are_seen_alike_are_kept_apart(exercises, top):
    put(top, "ann/slopes.py")
    put(top, "ann\n/slopes.py")

    assert len(found(find(top, exercises))) == 2


BAD_ZIPS = {
    "leads out of it: ../slopes.py": {"../slopes.py": SOLVED},
    "leads out of it: /slopes.py": {"/slopes.py": SOLVED},
    "more than 2 deep": {"a.zip": in_bytes({"b.zip": in_bytes({"slopes.py": SOLVED})})},
    "the zip holds 7 files": {f"{n}.txt": "" for n in range(7)},
    "it is larger than": {"slopes.py": "#" * 2_000},
    "the zip cannot be read: ": b"PK\x03\x04 is no zip",
}


@pytest.mark.parametrize("said", BAD_ZIPS)
def test_a_bad_zip_is_told_of_its_owner_and_the_others_are_found(said, exercises, top, monkeypatch):
    monkeypatch.setattr(entries, "_MIB", 1)
    bad = BAD_ZIPS[said]
    if isinstance(bad, bytes):
        put(top, "ann.zip", "")
        (top / "ann.zip").write_bytes(bad)
    else:
        zipped(top / "ann.zip", bad)
    put(top, "bo/slopes.py")

    bounds = Bounds(depth=2, files=6, text=1_000, archive=100_000)
    ann, bo = find(top, exercises, bounds=bounds)

    assert (ann.name, ann.submissions) == ("ann", {})
    assert said in ann.troubles[0]
    assert (list(bo.submissions), bo.troubles) == (["01_slopes"], [])


def test_a_zip_that_lies_about_a_size_is_told(exercises, top):
    packed = bytearray(in_bytes({"slopes.py": "#" * 500}))
    # The size as it was before, in both places that tell it.
    for at in (22, packed.index(b"PK\x01\x02") + 24):
        packed[at : at + 4] = (5).to_bytes(4, "little")
    top.mkdir()
    (top / "ann.zip").write_bytes(bytes(packed))
    put(top, "bo/slopes.py")

    ann, _ = find(top, exercises)

    assert ann.submissions == {}
    assert "it cannot be read: " in ann.troubles[0]


def test_a_zip_with_a_password_is_told(exercises, top):
    packed = bytearray(in_bytes({"slopes.py": SOLVED}))
    packed[6] |= 1
    packed[packed.index(b"PK\x01\x02") + 8] |= 1
    top.mkdir()
    (top / "ann.zip").write_bytes(bytes(packed))
    put(top, "bo/slopes.py")

    ann, _ = find(top, exercises)

    assert ann.troubles == ["ann/slopes.py: the zip asks for a password"]


def test_a_link_is_not_followed(exercises, top, tmp_path):
    secret = tmp_path / "secret.py"
    secret.write_text("# secret")
    put(top, "bo/slopes.py")
    (top / "ann").mkdir()
    (top / "ann" / "slopes.py").symlink_to(secret)

    ann, _ = find(top, exercises)

    assert ann.submissions == {}
    assert ann.troubles == ["ann/slopes.py: it is a link, and links are not followed"]


def test_a_link_in_a_zip_is_not_followed(exercises, top):
    link = zipfile.ZipInfo("slopes.py")
    link.external_attr = 0o120777 << 16
    top.mkdir()
    with zipfile.ZipFile(top / "ann.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    put(top, "bo/slopes.py")

    ann, _ = find(top, exercises)

    assert ann.troubles == ["ann/slopes.py: it is a link, and links are not followed"]


def test_a_folder_with_too_many_files_is_told(exercises, top):
    for number in range(8):
        put(top, f"ann/{number}.txt", "")
    put(top, "bo/slopes.py")

    ann, bo = find(top, exercises, bounds=Bounds(files=6))

    assert ann.troubles == ["ann: it holds more than 6 files"]
    assert list(bo.submissions) == ["01_slopes"]


def test_a_zip_that_cannot_be_read_at_all_is_refused(exercises, tmp_path):
    file = tmp_path / "handed in.zip"
    file.write_bytes(b"no zip")

    with pytest.raises(Unreadable, match=r"neither a folder, a zip nor a \.py"):
        find(file, exercises)


def test_what_is_not_there_is_said(exercises):
    with pytest.raises(Unreadable, match="no such folder or zip"):
        find(Path("nowhere"), exercises)


def test_an_empty_folder_says_what_was_looked_for(exercises, top):
    top.mkdir()

    with pytest.raises(NothingFound, match=r"looked for 01_slopes/slopes\.py and slopes\.py below"):
        find(top, exercises)


def test_files_of_no_known_form_say_what_was_looked_for(exercises, top):
    put(top, "essay.docx", "")
    put(top, "ann/essay.py", "")

    with pytest.raises(NothingFound, match="Moodle, Canvas, Gradescope, nbgrader"):
        find(top, exercises)
