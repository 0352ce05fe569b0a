"""Whose a submitted file is, by the layouts in which learning platforms hand submissions out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gradkata.course import Exercise

_MOODLE = re.compile(
    r"(?P<name>.+?)_(?P<id>\d+)_assignsubmission_(?:file|onlinetext)(?:_(?P<rest>.*))?", re.DOTALL
)
_CANVAS = re.compile(
    r"(?P<name>[^\W_][^_]*)_(?:(?P<late>LATE)_)?(?P<id>\d{3,})_(?P<of>\d{3,})_(?P<rest>.+)",
    re.DOTALL,
)
_CLASSROOM = "-submissions"
_SUBMISSION = re.compile(r"submission_\d+")
METADATA = "submission_metadata.yml"

# What browsers and platforms add to a name: a number, or that it is a copy.
_ADDED = re.compile(
    r"(?:-(?P<a>\d{1,3})|[ _]?\((?P<b>\d{1,3})\)|[ _-]copy(?:[ _-]?(?P<c>\d{1,3}))?)$", re.I
)


@dataclass(frozen=True)
class Owner:
    """Whose a path is.

    Args:
        name: as the platform has it; empty if no layout says.
        id: the platform's number for them, if it has one.
        rest: the path below what names them.
        late: whether the platform says that it came late.
        layout: what says so.
    """

    name: str
    id: str = ""
    rest: tuple[str, ...] = ()
    late: bool = False
    layout: str = "by hand"


def owner_of(parts: tuple[str, ...], submitters: Mapping[tuple[str, ...], Owner]) -> Owner | None:
    """Return whose a path is by the layout of a platform, None if it is none of theirs.

    Args:
        parts: the path from the top.
        submitters: whose each folder of an export of Gradescope's is.
    """
    for depth, part in enumerate(parts):
        rest, before = parts[depth + 1 :], parts[depth - 1] if depth else ""
        if found := _MOODLE.fullmatch(part):
            own = (found["rest"],) if found["rest"] else ()
            anonymous = found["name"] in ("Participant", "Teilnehmer/in")
            name = f"{found['name']} {found['id']}" if anonymous else found["name"]
            return Owner(_sound(name), found["id"], (*own, *rest), layout="Moodle")
        if parts[: depth + 1] in submitters:
            known = submitters[parts[: depth + 1]]
            return Owner(known.name, known.id, rest, layout="Gradescope")
        if before == "submitted" and rest:
            return Owner(_sound(part), "", rest, layout="nbgrader")
        stem = before.removesuffix(_CLASSROOM)
        if stem != before and part.startswith(f"{stem}-"):
            name = part.removeprefix(f"{stem}-")
            return Owner(_sound(name), "", rest, layout="GitHub Classroom")
        if found := _CANVAS.fullmatch(part):
            late, rest = found["late"] is not None, (found["rest"], *rest)
            return Owner(_sound(found["name"]), found["id"], rest, late, "Canvas")
    return None


def submitters_of(text: str, folder: tuple[str, ...]) -> dict[tuple[str, ...], Owner]:
    """Return whose each folder beside Gradescope's metadata is.

    It is YAML of one form, of which the names and numbers of the submitters are read.
    """
    found: dict[str, list[tuple[str, str]]] = {}
    current = ""
    for line in text.splitlines():
        if top := re.match(r"['\"]?(submission_\d+)['\"]?:", line):
            current = top[1]
            found.setdefault(current, [])
        elif current and (pair := re.match(r"\s+(?:- )?:(name|sid):\s*(.*)", line)):
            value = _unquoted(pair[2])
            people = found[current]
            if pair[1] == "name":
                people.append((value, ""))
            elif people:
                people[-1] = people[-1][0], value
    return {
        (*folder, name): Owner(
            " & ".join(_sound(n) for n, _ in people), "+".join(i for _, i in people if i)
        )
        for name, people in found.items()
        if people
    }


def _unquoted(value: str) -> str:
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] == "'":
        return value[1:-1].replace("''", "'")
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] == '"' else value


def _sound(name: str) -> str:
    """Return a name in one of the ways in which Unicode can write it, without what is not seen."""
    return " ".join(unicodedata.normalize("NFC", name).split())


@dataclass(frozen=True)
class Answer:
    """Which exercise a file answers, by its path.

    Args:
        exercise: its name.
        head: the folders above what belongs to the exercise.
        attempt: the number that a platform has added; 0 if none.
        named: who the file's own name says has written it; empty if nobody.
    """

    exercise: str
    head: tuple[str, ...]
    attempt: int = 0
    named: str = ""


def answer_by(
    parts: Sequence[str], exercises: Sequence[Exercise], *, any_name: bool
) -> Answer | None:
    """Return what a path answers; None if it is no answer.

    Args:
        parts: the path below what names its owner.
        exercises: those that are graded.
        any_name: whether a file of any name answers the one exercise that is graded.
    """
    *folders, file = parts
    if not file.endswith(".py"):
        return None
    stem, attempt = _without_added(file.removesuffix(".py"))
    lowered = [folder.lower() for folder in folders]
    for exercise in exercises:
        if exercise.name in lowered:
            depth = len(lowered) - 1 - lowered[::-1].index(exercise.name)
            if stem.lower() not in (exercise.topic, exercise.name):
                return None
            above = depth - (lowered[depth - 1 : depth] in (["exercises"], ["answers"]))
            return Answer(exercise.name, tuple(folders[: max(0, above)]), attempt)
    named = _by_name(stem, exercises)
    if named is not None:
        return Answer(named[0], tuple(folders), attempt, named[1])
    if any_name and len(exercises) == 1:
        return Answer(exercises[0].name, tuple(folders), attempt, _sound(stem))
    return None


def _by_name(stem: str, exercises: Sequence[Exercise]) -> tuple[str, str] | None:
    """Return the exercise that a file's name says, and who, if it says that too."""
    name = unicodedata.normalize("NFC", stem)
    for exercise in sorted(exercises, key=lambda e: -len(e.topic)):
        for own in (exercise.name, exercise.topic):
            if name.lower() == own:
                return exercise.name, ""
            if found := re.fullmatch(rf"(.+)[_\- ]+{own}|{own}[_\- ]+(.+)", name, re.I | re.S):
                return exercise.name, _sound(found[1] or found[2])
    return None


def _without_added(stem: str) -> tuple[str, int]:
    attempt = 0
    while found := _ADDED.search(stem):
        numbers = [int(n) for n in found.group("a", "b", "c") if n]
        attempt, stem = max([attempt, *numbers, not numbers]), stem[: found.start()]
    return stem.strip(), attempt
