"""The options of a run: whose answers, which device; a misspelled name gets a suggestion."""

from __future__ import annotations

import difflib
import os
from pathlib import Path

import pytest

from gradkata.course import UnknownName, exercises, find_exercise
from gradkata.environment import told_other_clone

_DEVICES = ("cpu", "cuda")


class Hooks:
    """What the plugin tells other plugins."""

    def pytest_answer_executed(self) -> None:
        """Learn that a learner's file has run, to its end or not."""


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Add our own hooks to pytest's."""
    pluginmanager.add_hookspecs(Hooks)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of a run of the course."""
    group = parser.getgroup("gradkata", "gradkata, exercises on autograd")
    group.addoption(
        "--answers",
        metavar="DIR",
        default="exercises",
        help="judge the answers in DIR, which mirrors exercises/ (default: exercises)",
    )
    group.addoption(
        "--device", default="cpu", metavar="|".join(_DEVICES), help="where tensors live"
    )
    group.addoption("--seed", type=int, default=0, help="of the tests' random numbers (default: 0)")


def course_root(config: pytest.Config) -> Path:
    """Return the course that the tests lie in, whatever pytest takes for its root directory.

    An editor may name the folder that it has open, above the course.
    """
    given = [argument.partition("::")[0] for argument in config.args]
    places = [Path(os.path.abspath(config.invocation_params.dir / path)) for path in given]
    for place in places:
        for folder in (place, *place.parents):
            lies_there = folder == place or place.is_relative_to(folder / "exercises")
            if lies_there and exercises(folder):
                return folder
    if exercises(config.rootpath):
        return config.rootpath
    below = [folder for place in places if place.is_dir() for folder in sorted(place.iterdir())]
    return next((folder for folder in below if exercises(folder)), config.rootpath)


def demand_own_package(root: Path) -> None:
    """Refuse to judge a course by the tests' tools of another version."""
    if words := told_other_clone(root):
        raise pytest.UsageError(words)


def demand_device(name: str) -> None:
    """Refuse a device that is not there."""
    if name == "mps":
        raise pytest.UsageError(
            "--device mps: MPS has no float64, in which the course computes; "
            "--device cpu works everywhere"
        )
    if name not in _DEVICES:
        near = difflib.get_close_matches(name, _DEVICES, n=1, cutoff=0)
        raise pytest.UsageError(f"--device {name}: no such device; did you mean {near[0]}?")
    if name == "cpu":
        return
    import torch

    if not torch.cuda.is_available():
        raise pytest.UsageError(
            f"--device cuda: torch {torch.__version__} sees no CUDA device here; "
            "--device cpu works everywhere"
        )


def demand_no_answers(config: pytest.Config) -> None:
    """Say why `--answers` finds no course: pytest takes a folder after a space for the tests'."""
    given = str(config.getoption("answers"))
    if given != "exercises":
        raise pytest.UsageError(
            f"there is no course in {config.rootpath}: write --answers={given}, with an equals "
            "sign, or name the tests before it"
        )


def answers_folder(config: pytest.Config, root: Path) -> Path:
    """Return the folder of answers."""
    given = str(config.getoption("answers"))
    places = [config.invocation_params.dir / given, root / given]
    found = next((place.resolve() for place in places if place.is_dir()), None)
    if found is not None:
        _refuse_one_exercise(found, root)
        return found
    siblings = [f.name for f in places[-1].parent.glob("*") if f.is_dir() and f.name[0] != "."]
    near = difflib.get_close_matches(Path(given).name, siblings, n=1)
    raise pytest.UsageError(
        f"--answers {given}: no such folder" + (f"; did you mean {near[0]}?" if near else "")
    )


def _refuse_one_exercise(answers: Path, root: Path) -> None:
    if any(answers.name == exercise.name for exercise in exercises(root)):
        raise pytest.UsageError(
            f"--answers takes the folder that holds {answers.name}: --answers {answers.parent}"
        )


def demand_exercises(config: pytest.Config, root: Path) -> None:
    """Say which exercise was meant, where pytest would only say that a path does not exist."""
    for argument in config.args:
        path = config.invocation_params.dir / argument.partition("::")[0]
        _refuse_answers_as_tests(path, root)
        in_course = root / "exercises" in (path.parent, path.resolve().parent)
        if path.exists() or not (in_course or path.name[:1].isdigit()):
            continue
        try:
            near = find_exercise(root, path.name)
        except UnknownName as unknown:
            raise pytest.UsageError(str(unknown)) from None
        raise pytest.UsageError(f"no exercise matches '{path.name}'; did you mean {near.name}?")


def _refuse_answers_as_tests(path: Path, root: Path) -> None:
    for exercise in exercises(root):
        if path.resolve() == exercise.file:
            raise pytest.UsageError(
                f"{path.name} holds answers, not tests; judge it with: "
                f"pytest exercises/{exercise.name}"
            )
