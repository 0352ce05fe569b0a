"""Pages that stand in place of the verdict; each renders itself and has its own keys."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from textwrap import indent
from typing import ClassVar, Protocol

from rich.console import RenderableType
from rich.padding import Padding

from gradkata.course import Exercise, diagrams
from gradkata.course.guidance import Comparison, Hint
from gradkata.course.search import matching
from gradkata.course.ways import Way
from gradkata.display import as_text, coloured, display_path, faults, line_of_diff, row, visible
from gradkata.results import Outcome, Record, State, TaskRecord
from gradkata.watch.effects import Effect, Open
from gradkata.watch.events import States
from gradkata.watch.prose import Prose

_DIAGRAM = re.compile(r"^```mermaid\n(.*?)^```\n", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Reaction:
    """What a page makes of a key: the page that is shown then, and what else follows."""

    page: Page | None
    effects: tuple[Effect, ...] = ()
    notice: str = ""
    to_top: bool = False


class Page(Protocol):
    """Something to read or to choose from."""

    @property
    def title(self) -> str:
        """What it is."""

    @property
    def keys(self) -> str:
        """What the keys do here, beside leaving."""

    def render(self, width: int) -> list[RenderableType]:
        """Return what stands below the title."""

    def on_key(self, key: str) -> Reaction | None:
        """Return what the key does here; None if that is what it does everywhere."""


class _Text:
    """A page that is only read."""

    keys: ClassVar[str] = "up, down scroll"

    def on_key(self, _key: str) -> Reaction | None:
        return None


@dataclass(frozen=True)
class Lesson(_Text):
    """The page that teaches an exercise."""

    exercise: Exercise
    text: str

    keys: ClassVar[str] = "up, down scroll  b in the book"

    @property
    def title(self) -> str:
        """Where it stands."""
        return display_path(self.exercise.lesson)

    def render(self, width: int) -> list[RenderableType]:
        """Return the lesson, its Markdown rendered, its diagrams in characters."""
        texts, folder = _DIAGRAM.split(self.text), self.exercise.folder
        parts: list[RenderableType] = [Prose(texts[0], folder)]
        for diagram, text in zip(texts[1::2], texts[2::2], strict=True):
            drawn = as_text(f"\n{indent(_drawn(diagram, width - 2), ' ')}\n")
            parts += [drawn, Prose(text, folder)]
        return parts


def _drawn(diagram: str, width: int) -> str:
    try:
        return diagrams.drawn(diagram, width)
    except ValueError:
        return "[a diagram: the book draws it (b), and so does a public host]"


@dataclass(frozen=True)
class Keys(_Text):
    """What each key does."""

    sentences: Mapping[str, str]

    title: ClassVar[str] = "what the keys do"

    def render(self, _width: int) -> list[RenderableType]:
        """Return a line for each."""
        return [as_text(f"{key}  {sentence}") for key, sentence in self.sentences.items()]


@dataclass(frozen=True)
class Hints:
    """The steps towards a task that were asked for."""

    hint: Hint

    @property
    def title(self) -> str:
        """Which step it is."""
        return self.hint.title

    @property
    def keys(self) -> str:
        """What comes next."""
        return "s our solution" if self.hint.is_last else "h one step more"

    def render(self, _width: int) -> list[RenderableType]:
        """Return the steps, each under its number."""
        parts: list[RenderableType] = []
        for count, step in enumerate(self.hint.steps, 1):
            number = as_text(f"{count} of {self.hint.total}", style="dim")
            parts += [number, Prose(step), as_text("")]
        return parts

    def on_key(self, _key: str) -> Reaction | None:
        """Leave the keys to what they do everywhere."""
        return None


@dataclass(frozen=True)
class Solution(_Text):
    """Definitions of the learner's beside ours."""

    exercise: Exercise
    compared: tuple[Comparison, ...]

    @property
    def title(self) -> str:
        """Whose lines are whose."""
        return f"yours (-) and ours (+), {display_path(self.exercise.solution)}"

    def render(self, _width: int) -> list[RenderableType]:
        """Return the diff of each task, or the sentence in place of it."""
        return [part for one in self.compared for part in [*_compared(one), as_text("")]]


def _compared(one: Comparison) -> Iterator[RenderableType]:
    if one.sentence:
        yield as_text(f"{one.sentence}\n" if one.ours else one.sentence)
    if one.ours:
        yield from map(as_text, one.ours.split("\n"))
    # The names of the files are in the title.
    yield from map(line_of_diff, one.difference[2:])


@dataclass(frozen=True)
class TestSource(_Text):
    """The source of the test that found a task's fault, below the fault."""

    __test__ = False  # pytest collects by the name

    task: TaskRecord
    source: str

    @property
    def title(self) -> str:
        """What it is about."""
        return f"{self.task.task}: the test that found the fault"

    def render(self, _width: int) -> list[RenderableType]:
        """Return the fault, and the test in colours."""
        alone = Record("", Outcome.OK, "", [self.task], "", 0.0)
        return [*fault_parts(faults(alone, [self.task])), _python(self.source)]


def fault_parts(blocks: Iterable[str]) -> Iterator[RenderableType]:
    """Yield blocks of faults as they are drawn, an empty line below each."""
    for block in blocks:
        title, _, rest = block.partition("\n")
        yield as_text(title, style="bold red")
        yield as_text(f"{rest}\n" if rest else "")


def _python(source: str) -> RenderableType:
    from rich.syntax import Syntax

    return Syntax("", "python", theme="ansi_dark").highlight(visible(source))


@dataclass(frozen=True)
class Ways:
    """Other right answers of a task, a few at a time."""

    task: str
    ways: tuple[Way, ...]
    first: int = 0

    _AT_A_TIME: ClassVar[int] = 3

    @property
    def keys(self) -> str:
        """Whether there are more than are shown."""
        return "up, down scroll" + "  a more of them" * (len(self.ways) > self._AT_A_TIME)

    @property
    def title(self) -> str:
        """Which of them are shown."""
        last = min(self.first + self._AT_A_TIME, len(self.ways))
        return f"{self.task}: other right ways, {self.first + 1} to {last} of {len(self.ways)}"

    def render(self, _width: int) -> list[RenderableType]:
        """Return each way below its sentence."""
        shown = self.ways[self.first : self.first + self._AT_A_TIME]
        parts: list[RenderableType] = []
        for way in shown:
            parts += [as_text(way.sentence, style="bold"), _python(way.source), as_text("")]
        return parts

    def on_key(self, key: str) -> Reaction | None:
        """Go on to others, and from the last to the first."""
        if key != "a":
            return None
        first = self.first + self._AT_A_TIME
        return Reaction(replace(self, first=first if first < len(self.ways) else 0), to_top=True)


_Found = tuple[Exercise, States, list[str]]


@dataclass(frozen=True)
class Listing:
    """Every exercise, or those that a search finds, to open one."""

    states: tuple[tuple[Exercise, States], ...]
    chosen: int
    gains: Mapping[str, str] = field(default_factory=dict)
    search: str = ""

    keys: ClassVar[str] = "up, down choose  enter open  letters search"

    @property
    def title(self) -> str:
        """What was searched for."""
        return f"exercises and tasks with: {self.search}" if self.search else "every exercise"

    @property
    def found(self) -> list[_Found]:
        """The exercises that are found, with the tasks that are."""
        named = [
            (e, states, matching(self.search, f"{e.name} {self.gains.get(e.name, '')}", states))
            for e, states in self.states
        ]
        return [one for one in named if one[2]]

    def render(self, width: int) -> list[RenderableType]:
        """Return a line for each exercise, and the tasks of the one that is chosen."""
        if not (found := self.found):
            return [as_text("nothing; backspace takes back what was typed")]
        name_width = max(len(exercise.name) for exercise, _ in self.states)
        lines: list[RenderableType] = []
        for number, (exercise, states, tasks) in enumerate(found):
            done = list(states.values()).count(State.DONE)
            line = as_text("> " if number == self.chosen else "  ", style="bold")
            line.append(f"{exercise.name:<{name_width}}  {done:>2} of {len(states):>2}")
            lines.append(line)
            # The search is of tasks, too, so they are shown.
            if number == self.chosen or self.search:
                shown = row({task: states[task] for task in tasks}, width=max(20, width - 4))
                below = 1 if number == self.chosen else 0
                lines.append(Padding(coloured(shown), (0, 0, below, 4)))
        return lines

    def on_key(self, key: str) -> Reaction | None:
        """Choose another, open the one that is chosen, or search."""
        found = self.found
        step = {"up": -1, "down": 1}.get(key)
        if step is not None:
            return Reaction(replace(self, chosen=(self.chosen + step) % max(1, len(found))))
        if key == "enter" and found:
            exercise, _, tasks = found[self.chosen]
            task = tasks[0] if len(tasks) < len(exercise.tasks) else ""
            return Reaction(self, (Open(exercise, task),))
        if key in _NO_LETTERS or not key.isprintable():
            return Reaction(self._searching(self.search[:-1])) if key == "backspace" else None
        # Without a screen a whole word comes at once.
        return Reaction(self._searching(key if len(key) > 1 else self.search + key))

    def _searching(self, search: str) -> Listing:
        return replace(self, search=search.lstrip(), chosen=0)


_NO_LETTERS = frozenset(
    {"enter", "escape", "esc", "tab", "backspace", "page up", "page down", "up", "down"}
)


@dataclass(frozen=True)
class Question:
    """Asks before something is done, and does it to what was at hand when it asked."""

    title: str
    yes: Effect

    keys: ClassVar[str] = "y yes  any other key no"

    def render(self, _width: int) -> list[RenderableType]:
        """Return nothing: the question is the title."""
        return []

    def on_key(self, key: str) -> Reaction | None:
        """Do it, or leave."""
        return Reaction(self, (self.yes,)) if key == "y" else Reaction(None, (), "nothing is done")
