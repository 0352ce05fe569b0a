"""Find in submissions who has handed in which file for which exercise."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gradkata.course import Exercise
from gradkata.display import visible
from gradkata.grading import layouts
from gradkata.grading.entries import Bounds, Entry, Unreadable, read_all
from gradkata.grading.layouts import Answer, Owner


@dataclass(frozen=True)
class Submission:
    """One file of one learner for one exercise.

    Args:
        path: as it stands in what was handed in.
        text: its bytes.
        attempt: the number that a platform has added; 0 if none.
        notes: what a person should know of it.
    """

    path: str
    text: bytes
    attempt: int = 0
    notes: tuple[str, ...] = ()


@dataclass
class Learner:
    """A learner, and what they have handed in.

    Args:
        name: as shown; no two learners have the same.
        submissions: by exercise.
        refused: by exercise, why a file that is there is not judged.
        troubles: sentences on what could not be read, with its path.
        late: whether the platform says that something came late.
        layout: what says whose their files are.
        id: the platform's number for them, if it has one.
    """

    name: str
    submissions: dict[str, Submission] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    troubles: list[str] = field(default_factory=list)
    late: bool = False
    layout: str = "by hand"
    id: str = ""


class NothingFound(Exception):
    """Nobody has handed in anything; its text is the whole message."""


@dataclass
class _Pile:
    """What was found of one learner, before it is decided what counts."""

    owner: Owner
    answers: dict[str, list[tuple[int, str, bytes]]] = field(default_factory=dict)
    troubles: list[str] = field(default_factory=list)
    late: bool = False

    def take(self, entry: Entry, answer: Answer) -> None:
        path = "/".join(entry.parts)
        assert entry.text is not None
        self.answers.setdefault(answer.exercise, []).append((answer.attempt, path, entry.text))


def find(
    top: Path,
    exercises: Sequence[Exercise],
    *,
    learner: re.Pattern[str] | None = None,
    bounds: Bounds | None = None,
) -> list[Learner]:
    """Return the learners in submissions, by name.

    Args:
        top: a folder or a zip.
        exercises: those that are graded.
        learner: finds a learner's name in a path, as its group `learner`, its first, or all of it.
        bounds: how much is read.

    Raises:
        Unreadable: if it is neither a folder nor a zip.
        NothingFound: if nobody is found in it.
    """
    entries = list(read_all(top, lambda name: name.endswith((".py", layouts.METADATA)), bounds))
    submitters: dict[tuple[str, ...], Owner] = {}
    for entry in entries:
        if entry.parts[-1:] == (layouts.METADATA,) and entry.text is not None:
            text = entry.text.decode("utf-8", "replace")
            submitters |= layouts.submitters_of(text, entry.parts[:-1])
    piles: dict[tuple[str, str], _Pile] = {}
    if learner is not None:
        _by_pattern(entries, exercises, learner, piles)
    else:
        of_nobody = list(_by_platform(entries, exercises, submitters, piles))
        _by_hand(of_nobody, exercises, _stem(top), piles, alone=not piles)
    if not piles:
        raise NothingFound(_looked_for(top, exercises))
    return _named_apart(piles)


def _stem(top: Path) -> str:
    path = top.resolve()
    return path.stem if path.suffix.lower() == ".zip" else path.name


def _looked_for(top: Path, exercises: Sequence[Exercise]) -> str:
    example = exercises[0]
    return (
        f"nobody's answers are in {top}: looked for {example.name}/{example.topic}.py and "
        f"{example.topic}.py below a folder or a zip for each learner, and for the exports of "
        "Moodle, Canvas, Gradescope, nbgrader and GitHub Classroom"
    )


def _by_platform(
    entries: Sequence[Entry],
    exercises: Sequence[Exercise],
    submitters: dict[tuple[str, ...], Owner],
    piles: dict[tuple[str, str], _Pile],
) -> Iterator[Entry]:
    """Sort in what the layout of a platform says the owner of, and yield the rest."""
    for entry in entries:
        owner = layouts.owner_of(entry.parts, submitters)
        if owner is None:
            yield entry
            continue
        pile = piles.setdefault((owner.name, owner.id), _Pile(owner))
        pile.late |= owner.late
        if entry.trouble:
            pile.troubles.append(_told(entry))
        elif entry.text is not None and owner.rest:
            answer = layouts.answer_by(owner.rest, exercises, any_name=False)
            if answer is not None:
                pile.take(entry, answer)


def _by_pattern(
    entries: Sequence[Entry],
    exercises: Sequence[Exercise],
    pattern: re.Pattern[str],
    piles: dict[tuple[str, str], _Pile],
) -> None:
    for entry in entries:
        found = pattern.search("/".join(entry.parts))
        if found is None or entry.is_folder:
            continue
        groups = found.groupdict()
        name = groups.get("learner") or (found[1] if pattern.groups else found[0]) or ""
        pile = piles.setdefault((name, ""), _Pile(Owner(name, layout="--learner")))
        if entry.trouble:
            pile.troubles.append(_told(entry))
        elif entry.text is not None:
            answer = layouts.answer_by(entry.parts, exercises, any_name=True)
            if answer is not None:
                pile.take(entry, answer)


def _by_hand(
    entries: Sequence[Entry],
    exercises: Sequence[Exercise],
    top: str,
    piles: dict[tuple[str, str], _Pile],
    *,
    alone: bool,
) -> None:
    """Sort in the rest: a learner is the first folder below what all have in common."""
    found = [
        (entry, answer)
        for entry in entries
        if entry.text is not None
        and (answer := layouts.answer_by(entry.parts, exercises, any_name=len(entry.parts) == 1))
    ]
    heads = [answer.head for _, answer in found]
    # Where all lie in one folder, their own names tell them apart.
    are_named = len(set(heads)) == 1 and all(answer.named for _, answer in found)
    common = heads[0] if are_named else _common(heads)
    for entry, answer in found:
        below = answer.head[len(common) :]
        name = below[0] if below else answer.named or top
        pile = piles.setdefault((name, ""), _Pile(Owner(name)))
        pile.take(entry, answer)
    are_folders = alone and any(len(head) > len(common) for head in heads)
    for entry in entries:
        above, below = entry.parts[: len(common)], entry.parts[len(common) :]
        if entry.trouble:
            name = below[0] if below and above == common else top
            pile = piles.setdefault((name, ""), _Pile(Owner(name)))
            pile.troubles.append(_told(entry))
        elif are_folders and entry.is_folder and above == common and len(below) == 1:
            piles.setdefault((below[0], ""), _Pile(Owner(below[0])))


def _common(heads: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the folders that lead to all; of those that are one and the same, all but the last."""
    first, last = min(heads, default=()), max(heads, default=())
    if first == last:
        return first[:-1]
    depth = next((i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), None)
    return first[: min(len(first), len(last)) if depth is None else depth]


def _told(entry: Entry) -> str:
    return f"{'/'.join(entry.parts) or 'the submissions'}: {entry.trouble}"


def _named_apart(piles: dict[tuple[str, str], _Pile]) -> list[Learner]:
    """Return the learners; of those of one name, each has the platform's number with it."""
    names = [name for name, _ in piles]
    learners = []
    taken: set[str] = set()
    for (name, number), pile in sorted(piles.items()):
        shown = f"{name} ({number})" if names.count(name) > 1 and number else name
        base = shown = " ".join(visible(shown).split()) or "no name"
        while shown in taken:
            shown = f"{base} [{len(taken)}]"
        taken.add(shown)
        learner = Learner(shown, late=pile.late, layout=pile.owner.layout, id=number)
        learner.troubles = pile.troubles
        for exercise, files in pile.answers.items():
            _decide(learner, exercise, files)
        learners.append(learner)
    return learners


def _decide(learner: Learner, exercise: str, files: list[tuple[int, str, bytes]]) -> None:
    """Let the highest attempt count; two that differ are refused, for nobody can tell."""
    highest = max(attempt for attempt, _, _ in files)
    last = [(path, text) for attempt, path, text in files if attempt == highest]
    if len({text for _, text in last}) > 1:
        paths = " and ".join(path for path, _ in last[:3])
        learner.refused[exercise] = f"there are {len(last)} files that differ: {paths}"
        return
    earlier = [text for attempt, _, text in files if attempt < highest]
    notes = []
    if any(text != last[0][1] for text in earlier):
        notes.append(f"attempt {highest} counts; an earlier one differs")
    path, text = last[0]
    learner.submissions[exercise] = Submission(path, text, highest, tuple(notes))


__all__ = ["Learner", "NothingFound", "Submission", "Unreadable", "find"]
