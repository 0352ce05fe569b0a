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
