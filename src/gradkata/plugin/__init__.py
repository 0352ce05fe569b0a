"""The pytest plugin: whose answers are judged, the state of each task, and the board.

A run outside a course, and tests that belong to no exercise, are left alone.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gradkata.course import exercises
from gradkata.environment import complete_environment, forget_backend
from gradkata.plugin.clock import Clock
from gradkata.plugin.collection import Collection
from gradkata.plugin.judge import JudgePlugin
from gradkata.plugin.options import (
    answers_folder,
    course_root,
    demand_device,
    demand_exercises,
    demand_no_answers,
    demand_own_package,
    pytest_addhooks,
    pytest_addoption,
)
from gradkata.plugin.screen import Screen
from gradkata.plugin.verdicts import Verdicts

if TYPE_CHECKING:
    import torch

__all__ = ["device", "pytest_addhooks", "pytest_addoption", "pytest_configure"]


def pytest_configure(config: pytest.Config) -> None:
    """Find the course, and judge it if there is one."""
    config.addinivalue_line("markers", "task(name): the task that a test of an exercise judges")
    config.addinivalue_line(
        "markers", "forbid(*names, reason): the calls that the task asks to do without"
    )
    root = course_root(config)
    found = exercises(root)
    if not found:
        demand_no_answers(config)
        return
    complete_environment()
    forget_backend()
    demand_own_package(root)
    demand_device(config.getoption("device"))
    config.option.answers = str(answers_folder(config, root))
    if getattr(config.option, "maxworkerrestart", "") is None:
        # An answer may end a worker in each of its tests, and the others are still to be judged.
        config.option.maxworkerrestart = "1000"
    # As the course's own settings have it, where they are not in force: nothing that lies in an
    # exercise's folder is to hide a module.
    config.option.importmode = "importlib"
    if not _is_worker(config):
        demand_exercises(config, root)
        config.pluginmanager.register(Screen(config, found), "gradkata-screen")
    verdicts, clock = Verdicts(config), Clock()
    config.pluginmanager.register(clock, "gradkata-clock")
    config.pluginmanager.register(Collection(config, found, verdicts), "gradkata-collection")
    config.pluginmanager.register(JudgePlugin(config, found, verdicts, clock), "gradkata-judge")
    # An assert in what several tests share tells its values as one in a test does.
    pytest.register_assert_rewrite(*(_module_name(e.tests / "shared.py", config) for e in found))


def _module_name(file: Path, config: pytest.Config) -> str:
    """Return the name by which pytest imports a file that is in no package."""
    base = config.rootpath if file.is_relative_to(config.rootpath) else Path(file.anchor)
    parts = file.relative_to(base).with_suffix("").parts
    return ".".join(part.replace(".", "_") for part in parts)


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


@pytest.fixture(scope="session")
def device(request: pytest.FixtureRequest) -> torch.device:
    """Where a test's tensors live: `--device`."""
    import torch

    return torch.device(request.config.getoption("device"))
