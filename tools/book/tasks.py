"""What the book says of one task: its signature and docstring, its hints, and our solution."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html import escape

from gradkata.course import Exercise
from gradkata.course.workbook import our_part

_ROW = r"^\| `{task}` \| (?P<does>.+) \| (?P<level>[●○]+) \| (?P<minutes>\d+) \|$"
_TITLE = re.compile(r"(Args|Args of apply|Returns|Raises|Attributes|Yields):")
_NAMED = re.compile(r"(?P<name>\*{0,2}\w+(?:, \*{0,2}\w+)*): (?P<text>.*)", re.DOTALL)


# What Markdown would take for a sign; a star is one only where it stands beside a word's end.
_SIGN = re.compile(r"[<\[\]|\\]|(?<=[\s\[(])\*(?=\w+[,\])])|\*(?=\s)")


def task_section(exercise: Exercise, task: str) -> str:
    """Return the section about a task: what to write and where, its hints, the way to ours."""
    lesson = exercise.lesson.read_text(encoding="utf-8")
    row = re.search(_ROW.format(task=task), lesson, re.MULTILINE)
    about = f"{row['level']} · {row['minutes']} minutes · {row['does']}." if row else ""
    signature, docstring = stub_and_docstring(exercise.file.read_text(encoding="utf-8"), task)
    parts = [f"### {task}", about, *in_markdown(docstring)]
    place = exercise.file.relative_to(exercise.root).as_posix()
    parts.append(f"Write it in `{place}`, where this stands:")
    parts.append(f"```python\n{signature}\n```")
    parts.append(f"Save it; `kata {task}` judges it at each save, and so does, once,")
    parts.append(f"```text\npytest exercises/{exercise.name} -k {task}\n```")
    parts += _folded(exercise.hints(task))
    ours = f'<a href="solutions.html#{task}">Our solution of {task}</a>, behind a click that asks.'
    return "\n\n".join(filter(None, [*parts, ours]))


def solution_of(exercise: Exercise, task: str) -> str:
    """Return the section with our solution of a task, folded away."""
    ours = our_part(exercise, task) or ""
    question = f"Have you tried {task} yourself? Show our solution"
    return f"## {task}\n\n" + "\n\n".join(_fold(question, [f"```python\n{ours}\n```"]))


def _folded(steps: list[str], number: int = 1, total: int = 0) -> list[str]:
    """Return the steps, each folded away inside the one before it."""
    if not steps:
        return []
    total = total or len(steps)
    rest = _folded(steps[1:], number + 1, total)
    return _fold(f"Hint {number} of {total}", [steps[0], *rest])


def _fold(summary: str, inner: list[str]) -> list[str]:
    return [f"<details><summary>{escape(summary)}</summary>", *inner, "</details>"]


def stub_and_docstring(source: str, task: str) -> tuple[str, str]:
    """Return the lines of a task without its docstring, and the docstring."""
    nodes = ast.parse(source).body
    node = next(n for n in nodes if getattr(n, "name", None) == task)
    assert isinstance(node, ast.FunctionDef | ast.ClassDef)
    text = node.body[0]
    assert text.end_lineno is not None
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    lines = source.split("\n")
    above, below = lines[first - 1 : text.lineno - 1], lines[text.end_lineno : node.end_lineno]
    while below and not below[0].strip():
        below.pop(0)
    return "\n".join([*above, *below]), ast.get_docstring(node) or ""


def in_markdown(docstring: str) -> Iterator[str]:
    """Yield a docstring's paragraphs as Markdown, its sections as titles and lists."""
    for paragraph in re.split(r"\n\s*\n", docstring):
        title, _, rest = paragraph.partition("\n")
        if _TITLE.fullmatch(title):
            yield f"**{title.removesuffix(':')}**"
            yield "\n".join(_items(rest))
        elif paragraph.startswith("    "):
            code = re.sub(r"^    ", "", paragraph, flags=re.MULTILINE)
            yield f"```{'python' if _is_python(code) else 'text'}\n{code}\n```"
        else:
            yield _escaped(paragraph)


def _is_python(code: str) -> bool:
    """Tell whether an indented paragraph is code, and not a formula."""
    try:
        ast.parse(code)
    except SyntaxError:
        return False
    return True


def _items(text: str) -> Iterator[str]:
    """Yield what is named in a section as the items of a list, and else the text as it is."""
    for item in re.split(r"\n(?=    \*{0,2}\w+(?:, \*{0,2}\w+)*: )", f"\n{text}"):
        words = " ".join(item.split())
        named = _NAMED.fullmatch(words)
        if named:
            yield f"- `{named['name']}`: {_escaped(named['text'])}"
        elif words:
            yield _escaped(words)


def _escaped(text: str) -> str:
    """Return text in which nothing but Markdown's code and emphasis is a sign of its own."""
    parts = re.split(r"(`[^`]+`)", text)
    parts[::2] = [_SIGN.sub(r"\\\g<0>", part) for part in parts[::2]]
    return "".join(parts)
