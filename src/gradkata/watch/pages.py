"""What is read in place of the verdict, or chosen from: each page renders itself and has keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import ClassVar, Protocol

from rich.console import RenderableType
from rich.markdown import Markdown
from rich.padding import Padding

from gradkata.course import Exercise
from gradkata.course.guidance import Comparison, Hint
from gradkata.display import as_text, coloured, display_path, faults, line_of_diff, row, visible
from gradkata.results import Outcome, Record, State, TaskRecord
from gradkata.watch.effects import Effect, Open
from gradkata.watch.events import States


@dataclass(frozen=True)
class Reaction:
    """What a page makes of a key: the page that is shown then, and what else follows."""

    page: Page | None
    effects: tuple[Effect, ...] = ()
    notice: str = ""


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

    @property
    def title(self) -> str:
        """Where it stands."""
        return display_path(self.exercise.lesson)

    def render(self, _width: int) -> list[RenderableType]:
        """Return the lesson, its Markdown rendered."""
        return [Markdown(self.text)]


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
            number = as_text(f"{count} of {self.hint.of}", style="dim")
            parts += [number, Markdown(step), as_text("")]
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
class Listing:
    """Every exercise, to open one."""

    states: tuple[tuple[Exercise, States], ...]
    chosen: int

    title: ClassVar[str] = "every exercise"
    keys: ClassVar[str] = "up, down choose  enter open"

    def render(self, width: int) -> list[RenderableType]:
        """Return a line for each exercise, and the tasks of the one that is chosen."""
        name_width = max(len(exercise.name) for exercise, _ in self.states)
        lines: list[RenderableType] = []
        for place, (exercise, states) in enumerate(self.states):
            done = list(states.values()).count(State.DONE)
            line = as_text("> " if place == self.chosen else "  ", style="bold")
            line.append(f"{exercise.name:<{name_width}}  {done:>2} of {len(states):>2}")
            lines.append(line)
            if place == self.chosen:
                tasks = row(states, width=max(20, width - 4))
                lines.append(Padding(coloured(tasks), (0, 0, 1, 4)))
        return lines

    def on_key(self, key: str) -> Reaction | None:
        """Choose another, or open the one that is chosen."""
        step = {"up": -1, "down": 1}.get(key)
        if step is not None:
            return Reaction(replace(self, chosen=(self.chosen + step) % len(self.states)))
        if key == "enter":
            return Reaction(self, (Open(self.states[self.chosen][0]),))
        return None


@dataclass(frozen=True)
class Question:
    """Asks before something is done; what it was asked about stays, whatever is at hand then."""

    title: str
    yes: Effect

    keys: ClassVar[str] = "y yes  any other key no"

    def render(self, _width: int) -> list[RenderableType]:
        """Return nothing: the question is the title."""
        return []

    def on_key(self, key: str) -> Reaction | None:
        """Do it, or leave."""
        return Reaction(self, (self.yes,)) if key == "y" else Reaction(None, (), "nothing is done")
