"""What a run can be asked: whose answers, on which device; a word that is nearly right is named."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest

from gradkata.course import UnknownName, exercises, find_exercise

_DEVICES = ("cpu", "cuda")


class Hooks:
    """What the plugin tells other plugins."""

    def pytest_answer_executed(self) -> None:
        """Learn that a learner's file has run, to its end or not."""


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Add our own hooks to pytest's."""
    pluginmanager.add_hookspecs(Hooks)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add what a run of the course can be asked."""
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


def answers_folder(config: pytest.Config) -> Path:
    """Return the folder of answers."""
    given = str(config.getoption("answers"))
    places = [config.invocation_params.dir / given, config.rootpath / given]
    found = next((place.resolve() for place in places if place.is_dir()), None)
    if found is not None:
        _refuse_one_exercise(found, config.rootpath)
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


def demand_exercises(config: pytest.Config) -> None:
    """Say which exercise was meant, where pytest would only say that a path does not exist."""
    for argument in config.args:
        path = config.invocation_params.dir / argument.partition("::")[0]
        _refuse_answers_as_tests(path, config.rootpath)
        in_course = config.rootpath / "exercises" in (path.parent, path.resolve().parent)
        if path.exists() or not (in_course or path.name[:1].isdigit()):
            continue
        try:
            near = find_exercise(config.rootpath, path.name)
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
