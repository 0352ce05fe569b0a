"""`kata update`: a half-done course of one version that becomes one of the next."""

import os
import shutil
import subprocess
import sys

import pytest
import toy_course
from test_merging import CASES, lines_of
from test_reset_task import full_disk

from gradkata.cli import main
from gradkata.course import newer, stubs

SOLVED = toy_course.SLOPES
HINTS = "exercises/01_slopes/hints.md"
ANSWER = "exercises/01_slopes/slopes.py"


@pytest.fixture
def courses(tmp_path, monkeypatch):
    """The next version, and what a learner has of the one before, laid out without solutions."""
    new, mine = toy_course.build(tmp_path / "new"), toy_course.build(tmp_path / "mine")
    shutil.rmtree(mine / "solutions")
    shutil.copytree(mine / "exercises", mine / newer.RECORD)
    monkeypatch.chdir(mine)
    return new, mine


def write(root, file, text):
    # Ends of lines are as they are given.
    (root / file).write_bytes(text.encode())


def another(new, before, after):
    """Change the solution of the next version, and its stub with it."""
    file = new / ANSWER.replace("exercises", "solutions")
    text = file.read_text().replace(before, after)
    file.write_text(text)
    write(new, ANSWER, stubs.derive(text))


@pytest.fixture
def kata(monkeypatch, capsys):
    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["kata", *map(str, arguments)])
        with pytest.raises(SystemExit) as left:
            main()
        return toy_course.Screen(left.value.code, *capsys.readouterr())

    return run


def snapshot(root):
    return {file: file.read_bytes() for file in root.rglob("*") if file.is_file()}


def test_answers_come_into_the_new_version_and_the_file_is_kept(courses, kata):
    new, mine = courses
    another(new, "half of x", "a half of x")
    write(new, HINTS, "# Better hints\n")
    write(mine, ANSWER, SOLVED)

    shown = kata("update", "--from", new)

    assert shown.out == (
        "01_slopes   new: stub, hints\n"
        "    halve has another docstring now\n"
        "    your file as it was: exercises/01_slopes/slopes.kept-1.py\n"
        "\n"
        "the course is up to date; kata list shows where you stand\n"
    )
    assert (mine / ANSWER).read_text() == SOLVED.replace("half of x", "a half of x")
    assert (mine / "exercises/01_slopes/slopes.kept-1.py").read_text() == SOLVED
    assert (mine / HINTS).read_text() == "# Better hints\n"


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_no_line_is_lost_and_a_second_update_changes_nothing(case, courses, kata):
    new, mine = courses
    old, stub, text, after, _ = case
    shutil.rmtree(new / "solutions")
    write(new, ANSWER, stub)
    write(mine, ANSWER, text)
    record = mine / newer.RECORD / "01_slopes" / "slopes.py"
    record.write_text(old) if old else record.unlink()

    kata("update", "--from", new)

    kept = [file.read_text() for file in mine.rglob("slopes.kept-*.py")]
    assert (mine / ANSWER).read_text() == after
    assert lines_of(text) - lines_of(old or "") <= lines_of("\n".join([after, *kept]))
    before = snapshot(mine)
    again = kata("update", "--from", new)
    assert snapshot(mine) == before
    assert "kept-2" not in again.out


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_line_ends_and_a_byte_order_mark_stay_the_learners(encoding, courses, kata):
    new, mine = courses
    another(new, "half of x", "a half of x")
    (mine / ANSWER).write_bytes(SOLVED.replace("\n", "\r\n").encode(encoding))

    kata("update", "--from", new)

    due = SOLVED.replace("half of x", "a half of x").replace("\n", "\r\n")
    assert (mine / ANSWER).read_bytes() == due.encode(encoding)


def test_what_could_not_be_parsed_is_brought_on_once_it_can(courses, kata):
    new, mine = courses
    another(new, "half of x", "a half of x")
    another(new, "twice x", "two times x")
    write(mine, ANSWER, SOLVED.replace("x / 2", "(x / 2"))
    sentence = "halve cannot be parsed and stays: mend it, and kata update brings the rest"

    assert f"    {sentence}\n" in kata("update", "--from", new).out
    assert kata("update", "--from", new).out == f"01_slopes\n    {sentence}\n"
    write(mine, ANSWER, (mine / ANSWER).read_text().replace("(x / 2", "x / 2"))
    assert "    halve has another docstring now\n" in kata("update", "--from", new).out
    assert (mine / ANSWER).read_text() == (new / "solutions/01_slopes/slopes.py").read_text()


@pytest.mark.parametrize(
    "content",
    [b"\xff\xfe\x00", b"# coding: ascii\n\n\ndef halve(x):\n    return x / 2\n", b"x = 1\0\n"],
    ids=["no text", "an encoding without a new character", "a null byte"],
)
def test_what_cannot_be_taken_apart_stays_and_is_named_each_time(content, courses, kata):
    new, mine = courses
    another(new, "half of x", "½ x")
    (mine / ANSWER).write_bytes(content)
    sentence = (
        "    slopes.py cannot be taken apart and stays as it is; "
        "kata reset 01 brings the new stub, and keeps yours\n"
    )

    assert sentence in kata("update", "--from", new).out
    assert sentence in kata("update", "--from", new).out
    assert (mine / ANSWER).read_bytes() == content


def test_a_dry_run_says_the_same_and_does_nothing(courses, kata):
    new, mine = courses
    another(new, "half of x", "a half of x")
    write(mine, ANSWER, SOLVED)
    before = snapshot(mine)

    dry = kata("update", "--dry-run", "--from", new).out

    assert snapshot(mine) == before
    assert dry.endswith("\nnothing is done yet; kata update does it\n")
    assert dry.split("\n\n")[0] == kata("update", "--from", new).out.split("\n\n")[0]


def test_what_a_learner_changed_in_lessons_and_tests_is_kept_beside(courses, kata):
    new, mine = courses
    test = "exercises/01_slopes/tests/test_halve.py"
    write(mine, test, "# mine\n")
    write(new, test, "# ours\n")

    shown = kata("update", "--from", new).out

    assert "    your test_halve.py as it was: " + test + ".kept-1\n" in shown
    assert (mine / test).read_text() == "# ours\n"
    assert (mine / f"{test}.kept-1").read_text() == "# mine\n"


def test_what_only_the_learner_changed_stays(courses, kata):
    new, mine = courses
    write(mine, HINTS, "# mine\n")

    assert kata("update", "--from", new).out.startswith("nothing to update")
    assert (mine / HINTS).read_text() == "# mine\n"


def test_the_tests_of_a_task_that_went_go_too(courses, kata):
    new, mine = courses
    (new / "exercises/01_slopes/tests/test_halve.py").unlink()

    kata("update", "--from", new)

    assert not (mine / "exercises/01_slopes/tests/test_halve.py").exists()


def test_a_new_exercise_comes_and_one_with_another_number_keeps_its_answers(courses, kata):
    new, mine = courses
    for part in ("exercises", "solutions"):
        (new / part / "01_slopes").rename(new / part / "03_slopes")
        shutil.copytree(new / part / "02_shapes", new / part / "04_forms")
        (new / part / "04_forms/shapes.py").rename(new / part / "04_forms/forms.py")
    write(mine, ANSWER, SOLVED)
    (mine / "exercises/02_shapes").rename(mine / "exercises/02_bodies")

    shown = kata("update", "--from", new).out

    assert "03_slopes (it was 01_slopes)\n" in shown
    assert "04_forms   new\n" in shown
    assert "02_bodies\n    it is not in the new version, and stays as it is\n" in shown
    assert (mine / "exercises/03_slopes/slopes.py").read_text() == SOLVED
    assert not (mine / "exercises/01_slopes").exists()
    assert kata("update", "--from", new).out == (
        "02_bodies\n    it is not in the new version, and stays as it is\n"
    )


def test_a_file_that_is_missing_comes_back(courses, kata):
    new, mine = courses
    (mine / ANSWER).unlink()

    shown = kata("update", "--from", new).out

    assert "slopes.py was missing; its stub is there again\n" in shown
    assert (mine / ANSWER).read_text() == stubs.derive(SOLVED)


@pytest.mark.parametrize("room", [0, 10, len(SOLVED) + 5], ids=["none", "a little", "for a copy"])
def test_on_a_full_disk_nothing_is_done(room, courses, kata):
    new, mine = courses
    another(new, "half of x", "a half of x" + ", which is half" * 20)
    write(new, HINTS, "")
    write(mine, ANSWER, SOLVED)
    for part in ("exercises", "solutions"):
        (new / part / "02_shapes").rename(new / part / "05_shapes")
    before, folders = snapshot(mine), sorted(mine.rglob("*"))

    with full_disk(room):
        shown = kata("update", "--from", new)

    assert shown.code == 4
    assert shown.err.startswith("cannot use exercises/01_slopes/")
    assert snapshot(mine) == before
    assert sorted(mine.rglob("*")) == folders


def test_where_the_last_file_cannot_take_its_place_all_are_as_they_were(courses, kata, monkeypatch):
    new, mine = courses
    another(new, "half of x", "a half of x")
    write(new, HINTS, "# Better hints\n")
    shutil.copytree(new / "exercises/02_shapes", new / "exercises/00_shapes")
    write(mine, ANSWER, SOLVED)
    before, folders = snapshot(mine), sorted(mine.rglob("*"))
    replace = type(mine).replace

    def refuse(draft, target):
        if target.name == "hints.md":
            raise PermissionError(13, "Permission denied", str(draft))
        return replace(draft, target)

    monkeypatch.setattr(type(mine), "replace", refuse)

    assert kata("update", "--from", new).err == f"cannot use {HINTS}: Permission denied\n"
    assert snapshot(mine) == before
    assert sorted(mine.rglob("*")) == folders


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write all")
def test_in_a_folder_that_cannot_be_written_nothing_is_done(courses, kata):
    new, mine = courses
    another(new, "half of x", "a half of x")
    folder = (mine / ANSWER).parent
    folder.chmod(0o500)

    shown = kata("update", "--from", new)

    folder.chmod(0o700)
    assert shown.err == "cannot use exercises/01_slopes/slopes.py: Permission denied\n"


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ([], "no new version here: name it by --from DIR\n"),
        (
            ["--from", "."],
            "that is this course itself: name the new version's folder by --from DIR\n",
        ),
        (["--from", "exercises"], "no course in exercises\n"),
    ],
    ids=["none", "itself", "no course"],
)
def test_without_a_new_version_there_is_a_sentence(source, says, courses, kata):
    assert kata("update", *source) == toy_course.Screen(4, "", says)


# In a clone


def git(root, *arguments):
    who = ["-c", "user.name=A", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"]
    done = subprocess.run(["git", *who, *arguments], cwd=root, capture_output=True, text=True)
    return done.stdout


@pytest.fixture
def clone(tmp_path, monkeypatch):
    """A clone in which every task is answered and committed, and its origin has a new version."""
    if shutil.which("git") is None:
        pytest.skip("git is not there")
    new = toy_course.build(tmp_path / "origin")
    git(new, "init", "-q", "-b", "main")
    git(new, "add", "-A")
    git(new, "commit", "-qm", "One")
    git(tmp_path, "clone", "-q", "origin", "clone")
    mine = tmp_path / "clone"
    write(mine, ANSWER, SOLVED.replace("import math", "import math\nimport os"))
    git(mine, "commit", "-qam", "My answers")
    another(new, "half of x.", "a half of x.")
    another(new, "import math", "import math\nimport sys")
    git(new, "commit", "-qam", "Two")
    monkeypatch.chdir(mine)
    return mine


SOLVED_NEW = SOLVED.replace("half of x.", "a half of x.").replace(
    "import math\n", "import math\nimport sys\nimport os\n"
)


def test_in_a_clone_it_says_how_git_brings_a_new_version(clone, kata):
    assert kata("update").out == (
        "this course is a clone, so git brings new versions:\n"
        "    git add exercises\n"
        '    git commit -m "My answers"\n'
        "    git pull\n"
        "where git reports a conflict in an answer, kata update puts yours into the new file\n"
    )


@pytest.mark.parametrize(
    ("pull", "then"),
    [
        ("--no-rebase", ["git add exercises", "git commit --no-edit"]),
        ("--rebase", ["git add exercises", "git -c core.editor=true rebase --continue"]),
    ],
)
def test_a_conflict_of_git_pull_is_solved(pull, then, clone, kata):
    git(clone, "pull", pull, "-q")
    marked = (clone / ANSWER).read_text()
    assert "<<<<<<<" in marked

    shown = kata("update").out

    assert shown == (
        "01_slopes   conflict solved\n"
        "    halve has another docstring now\n"
        "    your file as it was, with both sides: exercises/01_slopes/slopes.kept-1.py\n"
        "\nread it, and then:\n" + "".join(f"    {line}\n" for line in then)
    )
    assert set((clone / ANSWER).read_text().split("\n")) == set(SOLVED_NEW.split("\n"))
    assert (clone / "exercises/01_slopes/slopes.kept-1.py").read_text() == marked
    for command in then:
        git(clone, *command.split()[1:])
    assert "nothing to commit" in git(clone, "status")
    assert kata("update").out.startswith("this course is a clone")


@pytest.mark.parametrize("style", ["merge", "diff3"])
def test_what_was_written_after_the_conflict_is_in_the_answer(style, clone, kata):
    git(clone, "-c", f"merge.conflictStyle={style}", "pull", "--no-rebase", "-q")
    text = (clone / ANSWER).read_text().replace("return x / 2", "return 0.5 * x")
    write(clone, ANSWER, text)
    git(clone, "add", "-A")

    kata("update")

    after = (clone / ANSWER).read_text()
    assert "return 0.5 * x" in after
    assert "import os" in after
    assert "<<<<" not in after


def test_two_sides_that_are_both_answers_are_the_learners_to_solve(clone, kata):
    text = "<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> other\n"
    write(clone, ANSWER, text)

    assert kata("update").out == (
        "01_slopes   conflict\n"
        "    both sides of a conflict are other than the new stub; it stays for you to solve\n"
    )
    assert (clone / ANSWER).read_text() == text


def test_a_dry_run_in_a_clone_solves_nothing(clone, kata):
    git(clone, "pull", "--no-rebase", "-q")
    before = (clone / ANSWER).read_text()

    assert "conflict would be solved" in kata("update", "--dry-run").out
    assert (clone / ANSWER).read_text() == before


def test_a_lesson_in_a_conflict_becomes_the_new_one_and_both_sides_are_kept(clone, kata):
    write(clone, HINTS, "# Mine\n")
    git(clone, "commit", "-qam", "Notes")
    write(clone.parent / "origin", HINTS, "# Ours\n")
    git(clone.parent / "origin", "commit", "-qam", "Three")
    git(clone, "pull", "--no-rebase", "-q")

    shown = kata("update").out

    kept = f"{HINTS}.kept-1"
    sentence = f"    your file as it was, with both sides: {kept}\n"
    assert f"{HINTS} is the new version's\n{sentence}" in shown
    assert (clone / HINTS).read_text() == "# Ours\n"
    assert "# Mine\n" in (clone / kept).read_text()


@pytest.mark.parametrize("pull", ["--no-rebase", "--rebase"])
def test_a_solution_in_a_conflict_becomes_the_new_one_and_gives_the_stub(pull, clone, kata):
    ours = ANSWER.replace("exercises", "solutions")
    write(clone, ours, SOLVED.replace("half of x.", "half of it, I think."))
    git(clone, "commit", "-qa", "--amend", "--no-edit")
    git(clone, "pull", pull, "-q")
    marked = (clone / ours).read_text()
    assert "<<<<<<<" in marked

    shown = kata("update").out

    assert (clone / ours).read_text() == (clone.parent / "origin" / ours).read_text()
    assert (clone / ours.replace(".py", ".kept-1.py")).read_text() == marked
    assert f"{ours} is the new version's\n" in shown
    assert "\n    git add exercises solutions\n" in shown
    assert set((clone / ANSWER).read_text().split("\n")) == set(SOLVED_NEW.split("\n"))


def test_of_a_solution_that_cannot_be_parsed_no_stub_is_known(clone, kata):
    git(clone, "pull", "--no-rebase", "-q")
    marked = (clone / ANSWER).read_text()
    write(clone, ANSWER.replace("exercises", "solutions"), "def halve(:\n")

    assert "    our solution cannot be parsed: git checkout HEAD" in kata("update").out
    assert (clone / ANSWER).read_text() == marked


def test_in_a_conflict_line_ends_stay_the_learners(clone, kata):
    file = clone / ANSWER
    git(clone, "pull", "--no-rebase", "-q")
    file.write_bytes(file.read_bytes().replace(b"return x / 2\n", b"return x / 2\r\n"))

    kata("update")

    content = file.read_bytes()
    assert content.count(b"\r\n") == content.count(b"\n")
