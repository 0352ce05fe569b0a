"""What the book asks of Sphinx beyond Markdown: addresses of tasks, links to them, diagrams."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

from gradkata.course import exercises
from gradkata.course.diagrams import in_words

from .diagrams import draw

ROOT = Path(__file__).resolve().parents[2]
_AS_IT_IS = (nodes.reference, nodes.title, nodes.literal, nodes.FixedTextElement)
_NUMBER = re.compile(r"([Ee]xercise \d\d)\b")


def setup(app: Sphinx) -> dict[str, Any]:
    """Add what is below to the build."""
    for transform in (TaskAddresses, TaskLinks, Diagrams):
        app.add_transform(transform)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


class OfPages(SphinxTransform):  # type: ignore[misc]  # Sphinx is not there for mypy
    """What changes a page, once it is read."""

    default_priority = 500

    @property
    def tasks(self) -> tuple[str, ...]:
        """The tasks of the exercise that the page is about; none for another page."""
        of_page = [e for e in exercises(ROOT) if self.env.docname.startswith(f"{e.number}/")]
        return of_page[0].tasks if of_page else ()


class TaskAddresses(OfPages):
    """Give the section about a task the task's own name for its address, in its own case."""

    def apply(self, **_: Any) -> None:
        """Name them."""
        for section in self.document.findall(nodes.section):
            title = section[0].astext()
            if title in self.tasks:
                section["ids"] = [title]


class TaskLinks(OfPages):
    """Link what is written as code and names a task of the page, or an exercise, to it."""

    def apply(self, **_: Any) -> None:
        """Link them."""
        for literal in list(self.document.findall(nodes.literal)):
            uri = self._uri(literal.astext())
            if uri and not _is_within(literal, (nodes.reference, nodes.title)):
                link = nodes.reference("", "", internal=True, refuri=uri)
                literal.replace_self(link)
                link += literal
        for text in list(self.document.findall(nodes.Text)):
            if _NUMBER.search(text) and not _is_within(text, _AS_IT_IS):
                text.parent.replace(text, self._linked(str(text)))
        names = [exercise.name for exercise in exercises(ROOT)]
        for table in self.document.findall(nodes.table):
            first = [entry.astext() for entry in _first_column(table)]
            for kind, known in (("tasks", self.tasks), ("exercises", names)):
                if set(first) <= set(known):
                    table["classes"].append(kind)

    def _linked(self, text: str) -> list[nodes.Node]:
        """Return text in which the number of each exercise leads to its page."""
        parts: list[nodes.Node] = [nodes.Text(part) for part in _NUMBER.split(text)]
        for number, words in enumerate(parts[1::2]):
            if uri := self._uri(words.astext().partition(" ")[2]):
                link = nodes.reference("", "", words, internal=True, refuri=uri)
                parts[2 * number + 1] = link
        return parts

    def _uri(self, code: str) -> str:
        here = self.env.docname
        for exercise in exercises(ROOT):
            page = f"{exercise.number}/index"
            if here == page and code in exercise.tasks:
                return f"#{code}"
            own = (exercise.name, f"exercises/{exercise.name}", exercise.number)
            if code in own and here != page:
                return str(self.app.builder.get_relative_uri(here, page))
        return ""


def _first_column(table: nodes.table) -> list[nodes.Node]:
    bodies = table.findall(nodes.tbody)
    return [row[0] for body in bodies for row in body.findall(nodes.row)]


def _is_within(node: nodes.Element, kinds: tuple[type[nodes.Element], ...]) -> bool:
    parent = node.parent
    while parent is not None:
        if isinstance(parent, kinds):
            return True
        parent = parent.parent
    return False


class Diagrams(OfPages):
    """Put a drawing in the place of each block of Mermaid, a tall one too for narrow screens."""

    def apply(self, **_: Any) -> None:
        """Draw them."""
        cache = Path(self.app.doctreedir).with_name("diagrams")
        for block in list(self.document.findall(nodes.literal_block)):
            if block.get("language") == "mermaid":
                source = f"{block.astext().rstrip()}\n"
                drawings = "".join(draw(source, cache))
                words = escape(in_words(source))
                html = (
                    f'<figure class="diagram" role="img" aria-label="{words}">{drawings}</figure>'
                )
                block.replace_self(nodes.raw("", html, format="html"))
