"""What an exercise says of itself, in `exercise.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = "exercise.toml"

# The routes through the course, by the names that `routes` has.
ROUTES = {
    "afternoon": "an afternoon",
    "week": "a week of half days",
    "large models": "towards large models",
}


class Unreadable(ValueError):
    """An `exercise.toml` that is missing or wrong; its text is the whole message."""


@dataclass(frozen=True)
class About:
    """What an exercise is for.

    Args:
        gain: what a learner can do after it, as the end of a sentence that begins "you can".
        minutes: how long all of its tasks take.
        builds_on: the numbers of the exercises that come before it, such as `02`.
        routes: the names of the routes through the course that it lies on.
    """

    gain: str = ""
    minutes: int = 0
    builds_on: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()


def read(file: Path) -> About:
    """Return what an `exercise.toml` says.

    Raises:
        Unreadable: if it is missing, is no TOML, or lacks a value.
    """
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise Unreadable(error.strerror or str(error)) from None
    except ValueError as error:
        raise Unreadable(str(error)) from None
    values = {"routes": []} | values
    unknown = sorted(values.keys() - _FORMS.keys())
    if unknown:
        raise Unreadable(f"{unknown[0]} is none of {', '.join(_FORMS)}")
    for name, form in _FORMS.items():
        if not _is_well(name, values.get(name)):
            raise Unreadable(f"{name} is to be {form}")
    return About(
        values["gain"], values["minutes"], tuple(values["builds_on"]), tuple(values["routes"])
    )


_FORMS = {
    "gain": "a line of text without |",
    "minutes": "a whole number above 0",
    "builds_on": 'a list of numbers of exercises, such as ["01"]',
    "routes": f"a list of {', '.join(ROUTES)}, or some of them",
}


def _is_well(name: str, value: Any) -> bool:
    match name, value:
        case "gain", str():
            return bool(value.strip()) and not set(value) & {"|", "\n"}
        case "minutes", int():
            return value > 0 and not isinstance(value, bool)
        case "builds_on", list():
            return all(isinstance(of, str) and len(of) == 2 and of.isdigit() for of in value)
        case "routes", list():
            return all(isinstance(route, str) and route in ROUTES for route in value)
        case _:
            return False
