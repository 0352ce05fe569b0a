"""The wheel holds the course: a folder laid out from it works without a clone, and without git."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from judging import ROOT

from gradkata import course
from gradkata.course import stubs

# What a build reads. A learner's answers and what pytest leaves are among it, as in any clone.
SOURCES = ("src", "exercises", "solutions", "setup.py", "MANIFEST.in", "pyproject.toml")
TEXTS = ("README.md", "LICENSE")


@pytest.fixture(scope="session")
def wheel(tmp_path_factory):
    """The wheel, built from a clone in which somebody has worked."""
    clone = tmp_path_factory.mktemp("clone")
    ignored = shutil.ignore_patterns("*.egg-info", "laid_out")
    for name in SOURCES:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, clone / name, **({"ignore": ignored} if name == "src" else {}))
    for name in TEXTS:
        shutil.copy(ROOT / name, clone / name)
    right = "tests/right_answers"
    shutil.copytree(ROOT / right, clone / right)
    first = course.exercises(clone)[0]
    first.file.write_text("# my answers, and nobody else's\n", encoding="utf-8")
    first.file.with_name("first_gradients.kept-1.py").write_text("# mine", encoding="utf-8")
    (first.folder / "notes.py").write_text("# mine", encoding="utf-8")
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation"]
    subprocess.run([*command, "-w", clone / "dist", clone], check=True, cwd=clone)
    (built,) = (clone / "dist").glob("*.whl")
    return built


@pytest.fixture(scope="session")
def programs(wheel, tmp_path_factory):
    """An environment with nothing in it but the wheel; what that needs lies outside, by a path."""
    folder = tmp_path_factory.mktemp("installed") / "env"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    names = folder / ("Scripts" if os.name == "nt" else "bin")
    python = names / ("python.exe" if os.name == "nt" else "python")
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "-q", "--no-deps", wheel]
    # What PYTHONPATH leads to would count as installed.
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    subprocess.run(pip, check=True, env=clean)
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    here, there = (
        subprocess.run([p, "-c", ask], capture_output=True, text=True, check=True).stdout.strip()
        for p in (sys.executable, python)
    )
    Path(there, "needed.pth").write_text(f"{here}\n", encoding="utf-8")
    return names


@pytest.fixture(scope="session")
def run(programs):
    """Run a program of that environment, with no other one within reach."""

    def run(program, *arguments, folder):
        hidden = ("PYTHON", "VIRTUAL_ENV", "GIT_", "PYTEST_")
        kept = {k: v for k, v in os.environ.items() if not k.startswith(hidden)}
        return subprocess.run(
            [programs / program, *arguments],
            cwd=folder,
            env=kept | {"PATH": str(programs), "OMP_NUM_THREADS": "1", "COLUMNS": "100"},
            capture_output=True,
            text=True,
            encoding="utf-8",
        )

    return run


@pytest.fixture(scope="session")
def laid_out(run, tmp_path_factory):
    folder = tmp_path_factory.mktemp("learner")
    said = run("kata", "init", folder=folder)
    return folder / "gradkata-course", said


def test_the_wheel_holds_no_answer_of_whoever_built_it(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    inside = [name for name in names if name.startswith("gradkata/laid_out/exercises/")]

    lessons = [name for name in inside if name.endswith("README.md")]
    assert len(lessons) == len(course.exercises(ROOT))
    assert [n for n in inside if "kept" in n or "notes" in n or "__pycache__" in n] == []
    assert [n for n in inside if n.endswith("first_gradients.py")] == []
    assert "gradkata/laid_out/solutions/01_first_gradients/first_gradients.py" in names


def test_a_folder_holds_the_stubs_lessons_tests_and_hints_of_the_course(laid_out):
    folder, said = laid_out

    assert (said.returncode, said.stderr) == (0, "")
    told, *lines = said.stdout.splitlines()
    number = len(course.exercises(ROOT))
    tasks = sum(len(exercise.tasks) for exercise in course.exercises(ROOT))
    assert told == f"{number} exercises with {tasks} tasks are in gradkata-course; type"
    assert lines == ["    cd gradkata-course", "    kata"]
    for exercise in course.exercises(ROOT):
        there = folder / "exercises" / exercise.name
        solution = exercise.solution.read_text(encoding="utf-8")
        assert (there / exercise.file.name).read_text(encoding="utf-8") == stubs.derive(solution)
        for name in ("README.md", "hints.md", "exercise.toml"):
            assert (there / name).read_bytes() == (exercise.folder / name).read_bytes()
        tests = {file.name: file.read_bytes() for file in exercise.tests.glob("*.py")}
        assert {f.name: f.read_bytes() for f in (there / "tests").glob("*.py")} == tests
    assert not (folder / "solutions").exists()


def test_the_course_in_a_folder_is_the_one_of_the_package(run, laid_out):
    folder, _ = laid_out
    where = "import gradkata; print(gradkata.__file__)"

    assert str(ROOT) not in run("python", "-c", where, folder=folder).stdout


def test_pytest_and_kata_judge_an_answer_in_a_folder_as_in_a_clone(run, laid_out, tmp_path):
    folder = shutil.copytree(laid_out[0], tmp_path / "course")
    first = course.exercises(folder)[0]
    ours = (ROOT / "solutions" / first.name / first.file.name).read_text(encoding="utf-8")
    judge = ("python", "-m", "pytest", "exercises/01_first_gradients")

    untouched = run(*judge, folder=folder)
    assert untouched.stdout.splitlines()[-1].startswith("0 of 9 tasks done · next: tracked")

    first.file.write_text(ours, encoding="utf-8")
    assert run(*judge, folder=folder).returncode == 0
    judged = run("kata", "check", "01", folder=folder)
    assert (judged.returncode, judged.stderr) == (0, "")
    assert judged.stdout.rstrip().endswith("9 of 9 tasks done")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["list"], "10_training"),
        (["hint", "tracked"], "tracked"),
        (["solution", "tracked", "--yes"], "def tracked"),
        (["reset", "01"], "is the stub already"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else None,
)
def test_the_commands_need_no_clone(run, laid_out, arguments, words):
    folder, _ = laid_out

    found = run("kata", *arguments, folder=folder)

    assert (found.returncode, found.stderr) == (0, "")
    assert words in found.stdout


def test_where_no_course_is_kata_says_how_to_have_one(run, tmp_path):
    found = run("kata", "list", folder=tmp_path)

    assert found.stderr.endswith("or below it; kata init lays it out\n")


def test_nothing_is_laid_out_over_what_is_there(run, laid_out, tmp_path):
    folder, _ = laid_out
    (tmp_path / "mine" / "exercises").mkdir(parents=True)
    (tmp_path / "file").write_text("mine")

    again = run("kata", "init", str(folder), folder=tmp_path)
    over = run("kata", "init", "mine", folder=tmp_path)
    file = run("kata", "init", "file", folder=tmp_path)

    assert [ran.returncode for ran in (again, over, file)] == [4, 4, 4]
    assert again.stderr.endswith("there, kata update brings it to this version\n")
    exercises = os.path.join("mine", "exercises")
    assert over.stderr == f"{exercises} is in the way: name another folder, kata init DIR\n"
    assert file.stderr == "file is a file; name a folder\n"
    assert sorted(f.name for f in tmp_path.rglob("*")) == ["exercises", "file", "mine"]


@pytest.mark.parametrize("below", ["", "exercises/03_custom_function"])
def test_no_course_is_laid_out_in_another(below, run, laid_out):
    folder, _ = laid_out
    before = sorted(folder.rglob("*"))

    found = run("kata", "init", folder=folder / below)

    sentence = f"gradkata-course would lie in the course {folder}: "
    assert found.stderr == f"{sentence}name a folder outside of it, kata init DIR\n"
    assert (found.returncode, sorted(folder.rglob("*"))) == (4, before)


def test_another_version_than_the_folders_is_told(run, laid_out, tmp_path):
    folder, _ = laid_out
    older = tmp_path / "older"
    shutil.copytree(folder, older)
    file = older / "pyproject.toml"
    file.write_text(file.read_text().replace('version = "', 'version = "0.0.', 1))

    words = "kata update brings it to that, with your answers"
    for command in ("python -P -m pytest exercises/01_first_gradients", "kata check tracked"):
        assert run(*command.split(), folder=older).stdout.count(words) == 1

    found = run("kata", "list", folder=older), run("kata", "doctor", folder=older)

    assert found[0].stdout == run("kata", "list", folder=folder).stdout
    assert "kata update brings it to that, with your answers" in found[1].stdout
    assert found[1].returncode == 1

    updated = run("kata", "update", folder=older)

    assert (updated.returncode, updated.stderr) == (0, "")
    assert file.read_text() == (folder / "pyproject.toml").read_text()
    assert "kata update" not in run("kata", "doctor", folder=older).stdout


def test_an_update_puts_an_answer_into_the_new_stub(run, laid_out, tmp_path):
    older = shutil.copytree(laid_out[0], tmp_path / "older")
    first = course.exercises(older)[0]
    stub = first.file.read_text(encoding="utf-8")
    shorter = stub.replace("Args:", "Arguments:")
    record = older / ".gradkata" / "laid_out" / first.name / first.file.name
    record.write_text(shorter, encoding="utf-8")
    mine = shorter.replace("raise NotImplementedError", "return 'mine'", 1)
    first.file.write_text(mine, encoding="utf-8")

    updated = run("kata", "update", folder=older)

    assert (updated.returncode, updated.stderr) == (0, "")
    expected = stub.replace("raise NotImplementedError", "return 'mine'", 1)
    assert first.file.read_text(encoding="utf-8") == expected
    assert first.file.with_name("first_gradients.kept-1.py").read_text(encoding="utf-8") == mine
    again = run("kata", "update", folder=older)
    assert again.stdout.startswith("nothing to update")
