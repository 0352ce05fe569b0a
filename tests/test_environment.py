"""A user without a name, no home, and terminals that know little: the course works all the same."""

import json
import os
import subprocess
import sys

import pytest
import toy_course

from gradkata import course

ANSWER = toy_course.SLOPES.replace("return x / 2", "import getpass; print(getpass.getuser())")
# As in a container that runs under a number that no user has.
NAMELESS = """
import pwd
def unknown(number): raise KeyError(f"getpwuid(): uid not found: {number}")
pwd.getpwuid = unknown
"""


@pytest.fixture
def slopes(tmp_path):
    root = toy_course.build(tmp_path / "toy")
    return course.Exercise(root, "01_slopes")


@pytest.fixture
def run(slopes, tmp_path):
    """Run Python in the course, without some variables and with others."""
    folder = tmp_path / "site"
    folder.mkdir()

    def run(*arguments, without=(), site="", **variables):
        (folder / "sitecustomize.py").write_text(site)
        environment = toy_course.child_environment()
        environment = {k: v for k, v in environment.items() if k not in without} | variables
        environment["PYTHONPATH"] = f"{folder}{os.pathsep}{environment['PYTHONPATH']}"
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=slopes.root,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            errors="backslashreplace",
        )

    return run


@pytest.fixture
def nameless(run):
    """Run Python under a number that no user has, and without a home."""
    names = ("LOGNAME", "USER", "LNAME", "USERNAME", "HOME")
    return lambda *arguments: run(*arguments, without=names, site=NAMELESS)


def test_a_user_without_a_name_has_one_in_a_judgement_and_sees_no_warning(nameless, slopes):
    slopes.file.write_text(ANSWER)

    found = nameless("-c", toy_course.RUN, "check", "01", "--json")

    assert found.stderr == ""
    assert json.loads(found.stdout)[0]["tasks"][1]["printed"] == [f"uid-{os.getuid()}"]


def test_a_user_without_a_name_has_one_in_plain_pytest(nameless, slopes):
    slopes.file.write_text(ANSWER)

    found = nameless("-m", "pytest", "exercises/01_slopes")

    assert f"    printed:\n      uid-{os.getuid()}\n" in found.stdout


def test_a_user_with_a_name_keeps_it(run, slopes):
    slopes.file.write_text(ANSWER)

    found = run("-c", toy_course.RUN, "check", "01", "--json", LOGNAME="ada")

    assert json.loads(found.stdout)[0]["tasks"][1]["printed"] == ["ada"]


@pytest.mark.parametrize(
    "variables",
    [
        {"TERM": "dumb"},
        {"TERM": ""},
        {"LC_ALL": "C"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "cp1252"},
    ],
    ids=["dumb", "no terminal", "C", "ASCII", "cp1252"],
)
@pytest.mark.parametrize(
    ("command", "code", "words"),
    [
        ("list", 0, "halve\n02_shapes  "),
        ("hint double", 0, "double, hint 1 of 2\n"),
        ("solution halve --yes", 0, "+    return x / 2\n"),
        ("reset 01 --yes", 0, "exercises/01_slopes/slopes.py is the stub again\n"),
    ],
    ids=["list", "hint", "solution", "reset"],
)
def test_a_command_does_not_mind(variables, command, code, words, run, slopes):
    mine = slopes.file.read_text().replace("half of x", "∂(x²/4)")
    slopes.file.write_text(mine, encoding="utf-8")

    found = run("-c", toy_course.RUN, *command.split(), **variables)

    assert (found.returncode, found.stderr) == (code, "")
    assert words in found.stdout


JUPYTERS = {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}
PLOTS = toy_course.SLOPES.replace("return x / 2", "import matplotlib.pyplot; return x / 2")


def test_a_backend_named_by_jupyter_is_not_taken_by_a_judgement(run, slopes):
    slopes.file.write_text(PLOTS)

    found = run("-c", toy_course.RUN, "check", "01", **JUPYTERS)

    assert (found.stdout, found.stderr) == (
        "01_slopes  ✓ double  ✓ halve\n\n2 of 2 tasks done\n",
        "",
    )


def test_a_backend_named_by_jupyter_is_not_taken_by_pytest(run, slopes):
    slopes.file.write_text(PLOTS)

    found = run("-m", "pytest", "exercises/01_slopes", **JUPYTERS)

    assert "2 of 2 tasks done" in found.stdout


def test_a_backend_named_by_jupyter_is_not_taken_by_a_picture(run, slopes):
    slopes.file.write_text(toy_course.SLOPES)
    picture = "import slopes, matplotlib.figure\ndef one(): return matplotlib.figure.Figure()\n"
    (slopes.folder / "pictures.py").write_text(picture)

    found = run("-c", toy_course.RUN, "plot", "01", **JUPYTERS)

    assert (found.stdout, found.stderr) == (".gradkata/pictures/one.svg\n", "")


# Of the standard library, and of what torch, NumPy, matplotlib and pytest bring or import.
STRAY = (
    "abc argparse array ast bisect calendar code collections copy csv dis email enum fractions "
    "functools hashlib heapq html inspect io json keyword logging math matplotlib multiprocessing "
    "numbers numpy operator pickle platform pytest queue random re select selectors signal socket "
    "stat statistics string struct symbol sympy tempfile test threading time token torch types "
    "typing uuid warnings weakref "
)


@pytest.fixture
def stray(slopes):
    """Put a file that cannot be imported into the course, for each of these names."""

    def stray(names, folder=slopes.root):
        folder.mkdir(exist_ok=True)
        for name in names:
            (folder / f"{name}.py").write_text(f"raise TypeError('the stray {name}')\n")
        return folder

    return stray


@pytest.fixture
def script(tmp_path):
    """Return the command as pip installs it: a script in a folder of its own."""
    file = tmp_path / "bin" / "kata"
    file.parent.mkdir()
    file.write_text("from gradkata.cli import main\nif __name__ == '__main__':\n    main()\n")
    return str(file)


def test_stray_files_where_kata_is_typed_hide_nothing(run, slopes, stray, script):
    slopes.file.write_text(ANSWER)
    stray(STRAY.split())

    found = run(script, "check", "01", LOGNAME="ada")

    assert found.stderr == ""
    assert found.stdout.startswith("01_slopes  ✓ double  ✗ halve\n")


def test_what_hides_a_module_of_the_command_line_is_named(run, stray, script, tmp_path):
    found = run(script, "list", site=f"import sys; sys.path.insert(1, {str(stray(['rich']))!r})")

    assert found.returncode == 1
    assert found.stderr.startswith("TypeError: the stray rich\n")
    assert f"{tmp_path / 'toy' / 'rich.py'} hides a module that the course needs" in found.stderr


def test_what_hides_a_module_of_a_judgement_is_named(run, slopes, stray, script, tmp_path):
    slopes.file.write_text(toy_course.SLOPES)
    hidden = stray(["numpy"], tmp_path / "mine")

    found = run(script, "check", "01", site=f"import sys; sys.path.insert(1, {str(hidden)!r})")

    assert found.returncode == 1
    assert "torch and pytest cannot be got ready: TypeError: the stray numpy" in found.stdout
    assert f"{hidden / 'numpy.py'} hides a module that the course needs" in found.stdout


def test_what_hides_a_module_is_named_by_pytest(run, slopes, stray, tmp_path):
    slopes.file.write_text(toy_course.SLOPES)
    hidden = stray(["numpy"], tmp_path / "mine")

    found = run(
        "-m",
        "pytest",
        "exercises/01_slopes",
        site=f"import sys; sys.path.insert(1, {str(hidden)!r})",
    )

    assert f"{hidden / 'numpy.py'} hides a module that the course needs" in found.stdout
