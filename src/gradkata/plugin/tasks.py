"""Which task a test judges, and how tests and files are named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from gradkata.course import Exercise


@dataclass(frozen=True)
class TaskTest:
    """What a test judges, and where the answer stands."""

    exercise: Exercise
    task: str
    file: Path


TEST = pytest.StashKey[TaskTest]()


def items_of(node: pytest.Item | pytest.Collector) -> Iterator[pytest.Item]:
    """Give each test of a node of pytest's tree."""
    if isinstance(node, pytest.Item):
        yield node
    elif isinstance(node, pytest.Collector):
        for inner in node.collect():
            yield from items_of(inner)


def fixtures_of(item: pytest.Function) -> set[str]:
    """Return the fixtures that a test asks for."""
    parameters = getattr(item, "callspec", None)
    return set(item.fixturenames) - set(parameters.params if parameters else ())


def test_name(item: pytest.Item) -> str:
    """Return the name of a test within its exercise: `test_Square.py::test_x[case]`."""
    return f"{item.path.name}::{item.nodeid.partition('::')[2]}"


def task_of(item: pytest.Item) -> str | None:
    """Return the task that a test is marked with."""
    marker = item.get_closest_marker("task")
    return str(marker.args[0]) if marker else None


def shown_path(file: Path, config: pytest.Config) -> str:
    """Return a path as a reader would type it."""
    for base in (config.invocation_params.dir, config.rootpath):
        if file.is_relative_to(base):
            return file.relative_to(base).as_posix()
    return file.as_posix()


def place_of(exercise: Exercise, test: str, config: pytest.Config) -> str:
    """Return the file and line of a test, as editors and terminals link them."""
    return shown_path(exercise.root / exercise.place_of(test), config)
