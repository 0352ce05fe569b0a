"""The container for editors names what is there: the first exercise, the group, the command."""

import json
import re

import nox
from judging import ROOT
from kept_answers import COURSE

PYPROJECT = nox.project.load_toml(ROOT / "pyproject.toml")
CONTAINER = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text("utf-8"))


def test_it_opens_at_the_first_exercise():
    opened = CONTAINER["customizations"]["codespaces"]["openFiles"]

    assert [ROOT / path for path in opened] == [COURSE[0].lesson, COURSE[0].file]


def test_kata_runs_in_a_terminal():
    (command,) = CONTAINER["postAttachCommand"].values()

    assert command in PYPROJECT["project"]["scripts"]


def test_it_installs_the_course_with_the_cpu_build_of_the_pinned_torch():
    (group,) = re.findall(r"--torch-backend cpu --group (\w+) ", CONTAINER["onCreateCommand"])

    installed = nox.project.dependency_groups(PYPROJECT, group)
    assert [name for name in installed if name.startswith("torch==")]


def test_its_python_is_one_that_the_course_serves():
    lowest = PYPROJECT["project"]["requires-python"].removeprefix(">=3.")

    assert int(CONTAINER["image"].removeprefix("python:3.")) >= int(lowest)


def test_a_save_starts_kata_alone_and_not_a_collection_of_the_whole_course_too():
    settings = CONTAINER["customizations"]["vscode"]["settings"]

    assert settings["python.testing.pytestArgs"] == ["exercises"]
    assert settings["python.testing.autoTestDiscoverOnSaveEnabled"] is False
