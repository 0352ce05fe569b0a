"""The book's pages as Markdown, each made of a file of the course that stays where it is.

A page about an exercise is its lesson, and below it each task with its docstring and its hints;
our solutions are on a page beside it, behind a click.
"""

from __future__ import annotations

import posixpath
import re
import shutil
from collections.abc import Iterator
from html import escape
from pathlib import Path

from gradkata.course import Exercise, exercises

from .tasks import solution_of, task_section

# A link or a picture, its target without the title that may follow it.
_LINK = re.compile(r"(?<=\]\()([^)\s#]+)(#[^)\s]*)?(?=\))")
_FENCE = re.compile(r"^(```.*?^```\s*?$)", re.MULTILINE | re.DOTALL)
_COMMENT = re.compile(r"^<!--.*?-->\n", re.MULTILINE | re.DOTALL)
_AT_THE_TOP = ("CONTRIBUTING", "CHANGELOG", "SECURITY")


def write_all(root: Path, to: Path) -> None:
    """Write the page of each file that the book is made of, and what those show or link to."""
    shutil.rmtree(to, ignore_errors=True)
    for name, text in Pages(root, to).all():
        file = to / f"{name}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")


class Pages:
    """The pages of the course at `root`, to be written to a folder."""

    def __init__(self, root: Path, to: Path) -> None:
        self._root, self._to = root, to
        self._exercises = exercises(root)
        # The name of its page for each file, both written with slashes.
        self._names = {f"{name}.md": name.lower() for name in _AT_THE_TOP}
        self._names |= {"README.md": "index", "LICENSE": "license"}
        docs = sorted((root / "docs").glob("*.md"))
        self._names |= {f"docs/{file.name}": f"docs/{file.stem}" for file in docs}
        for exercise in self._exercises:
            beside = {f.name: f.stem.lower() for f in sorted(exercise.folder.glob("*.md"))}
            beside |= {"README.md": "index"}
            for file, name in beside.items():
                if file != "hints.md":
                    place = (exercise.folder / file).relative_to(root).as_posix()
                    self._names[place] = f"{exercise.number}/{name}"

    def all(self) -> Iterator[tuple[str, str]]:
        """Yield the name of each page, and its text."""
        lessons = {exercise.lesson: exercise for exercise in self._exercises}
        for place, name in self._names.items():
            file = self._root / place
            if name == "license":
                yield name, f"# License\n\n```text\n{file.read_text(encoding='utf-8')}```\n"
            elif name == "index":
                yield name, self._first_page(self._text(file, name))
            elif exercise := lessons.get(file):
                yield name, self._lesson(exercise, self._text(file, name))
            else:
                # What lies beside a lesson is linked from there, and not in the table of contents.
                orphan = "---\norphan: true\n---\n\n" if name[0].isdigit() else ""
                yield name, orphan + self._text(file, name)
        for exercise in self._exercises:
            yield f"{exercise.number}/solutions", _solutions(exercise)

    def _text(self, file: Path, name: str) -> str:
        """Return the text of a file whose links lead to the book's pages."""
        text = _COMMENT.sub("", file.read_text(encoding="utf-8"))
        # An empty line ends a session for what runs it, and is nothing to be seen.
        text = text.replace("\n\n```\n", "\n```\n")
        parts = _FENCE.split(text)
        parts[::2] = [
            _LINK.sub(lambda found: self._target(found, file, name), part) for part in parts[::2]
        ]
        return "".join(parts)

    def _target(self, found: re.Match[str], file: Path, name: str) -> str:
        target, anchor = found[1], found[2] or ""
        linked = file.parent / target
        if ":" in target or not linked.exists():
            return found[0]
        place = posixpath.relpath(linked.resolve().as_posix(), self._root.resolve().as_posix())
        folder = posixpath.dirname(name) or "."
        if page := self._names.get(place):
            return f"{posixpath.relpath(page, folder)}.md{anchor}"
        copy = self._to / "files" / place
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(linked, copy)
        return posixpath.relpath(f"files/{place}", folder)

    def _first_page(self, text: str) -> str:
        """Return the README with the way to a first answer below its promise."""
        above, heading, below = text.partition("\n## ")
        lessons = [f"{exercise.number}/index" for exercise in self._exercises]
        pages = sorted(self._names.values())
        others = [name for name in pages if "/" not in name and name != "index"]
        docs = [name for name in pages if name.startswith("docs/")]
        contents = [("The course", lessons), ("How it works", docs), ("The project", others)]
        trees = [
            f"```{{toctree}}\n:hidden:\n:caption: {title}\n\n" + "\n".join(names) + "\n```\n"
            for title, names in contents
        ]
        promise, fence, screen = above.partition("```")
        steps = _first_steps(self._exercises[0])
        return "\n".join([promise, steps, *trees, fence + screen]) + heading + below

    def _lesson(self, exercise: Exercise, text: str) -> str:
        """Return a lesson with what it builds on above it, and each of its tasks below it."""
        title, _, lesson = text.rstrip().partition("\n")
        needed = [e for e in self._exercises if e.number in exercise.about.builds_on]
        links = [f"[{_title(e)}](../{e.number}/index.md)" for e in needed]
        above = [title, f"Builds on {' and '.join(links)}."] if links else [title]
        sections = [task_section(exercise, task) for task in exercise.tasks]
        return "\n\n".join([*above, lesson, "## Task by task", *sections]) + "\n"


def _title(exercise: Exercise) -> str:
    return exercise.lesson.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")


def _first_steps(first: Exercise) -> str:
    page, task = f"{first.number}/index.html", first.tasks[0]
    steps = (
        ("#start", "Set it up", "one line in a terminal, once"),
        (page, "Read the first lesson", _title(first)),
        (f"{page}#{task}", "Write the first answer", f"{task}, in {first.topic}.py"),
    )
    items = [
        f'<li><a href="{to}"><strong>{escape(what)}</strong> <span>{escape(more)}</span></a></li>'
        for to, what, more in steps
    ]
    return "\n".join(['\n<ol class="first-steps">', *items, "</ol>\n"])


def _solutions(exercise: Exercise) -> str:
    """Return the page with our solutions, each behind a click, which no search finds."""
    parts = ["---\norphan: true\nnosearch: true\n---", f"# Our solutions of {exercise.number}"]
    parts.append(
        "What you find out yourself stays longer, and a hint may be enough: "
        f"[back to the lesson](index.md).\n`kata solution {exercise.tasks[0]}` compares one of "
        "them with yours."
    )
    parts += [solution_of(exercise, task) for task in exercise.tasks]
    return "\n\n".join(parts) + "\n"
