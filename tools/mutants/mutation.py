"""Mutants of a solution: each task with one change, by all operators."""

from __future__ import annotations

import ast
import difflib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gradkata.course.stubs import is_task

from .operators import OPERATORS


@dataclass(frozen=True)
class Task:
    """One task of a solution: its name, where its text stands, and the text."""

    name: str
    first_line: int
    text: str


@dataclass(frozen=True)
class Mutant:
    """A task with one change.

    `change` is what becomes of which lines, as Python itself would write them. `occurrence` tells
    mutants apart that make the same of several equal lines.
    """

    task: Task
    operator: str
    text: str
    change: str = ""
    occurrence: int = 1

    @property
    def line(self) -> int:
        """Where the change begins, as a line of the solution."""
        old, new = self.task.text.splitlines(), self.text.splitlines()
        return self.task.first_line + _differences(old, new)[0][1]

    @property
    def key(self) -> str:
        """What names it in the list, whatever stands above the task or how it is laid out."""
        times = f" (no. {self.occurrence})" if self.occurrence > 1 else ""
        return f"{self.task.name} | {self.operator}{times} | {self.change}"


def _differences(old: list[str], new: list[str]) -> list[tuple[str, int, int, int, int]]:
    codes = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [code for code in codes if code[0] != "equal"]


def tasks_of(solution: str) -> list[Task]:
    """Return the tasks of a solution in their order."""
    lines = solution.splitlines(keepends=True)
    found = []
    for node in ast.parse(solution).body:
        if is_task(node):
            assert isinstance(node, ast.FunctionDef | ast.ClassDef)
            first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            text = "".join(lines[first - 1 : node.end_lineno])
            found.append(Task(node.name, first, text))
    return found


def mutants_of(task: Task) -> list[Mutant]:
    """Return every mutant of a task that is Python, each once."""
    from .general import general_mutations

    old = _plain_lines(task.text)
    seen = {tuple(old)}
    times: Counter[tuple[str, str]] = Counter()
    found = []
    for operator, text in (*own_mutations(task.text), *general_mutations(task.text)):
        new = _plain_lines(text)
        if new and tuple(new) not in seen:
            seen.add(tuple(new))
            change = _change(old, new)
            times[operator, change] += 1
            found.append(Mutant(task, operator, text, change, times[operator, change]))
    return found


def _plain_lines(text: str) -> list[str]:
    """Return the lines as Python itself would write them; none if it is no Python."""
    try:
        tree = ast.parse(text)
        compile(tree, "<mutant>", "exec")
    except SyntaxError:
        return []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node):
            node.body[:1] = []
    return ast.unparse(tree).splitlines()


def _change(old: list[str], new: list[str]) -> str:
    before, after = [], []
    for kind, i, j, k, m in _differences(old, new):
        above = kind == "insert"  # where a line is new, the one above tells where
        before += old[i - above : j]
        after += new[k - above : m]
    return " --> ".join(" ".join(line.strip() for line in lines) for lines in (before, after))


def own_mutations(text: str) -> Iterator[tuple[str, str]]:
    """Yield the name of an operator of ours and the text that it makes, for each place."""
    (top,) = ast.parse(text).body
    for node, function, is_nested in _written(top):
        for kinds, operator in OPERATORS:
            if isinstance(node, kinds):
                for new in operator(node, function):
                    yield operator.__name__, _spliced(text, node, new, is_nested)


def _written(top: ast.stmt) -> Iterator[tuple[ast.AST, ast.FunctionDef, bool]]:
    """Yield each node that a learner writes, its function, and whether it is in an expression."""
    functions = [top] if isinstance(top, ast.FunctionDef) else ast.iter_child_nodes(top)
    for function in functions:
        if isinstance(function, ast.FunctionDef):
            yield function, function, False
            for statement in function.body[ast.get_docstring(function) is not None :]:
                yield from _inside(statement, function, is_nested=False)


def _inside(
    node: ast.AST, function: ast.FunctionDef, *, is_nested: bool
) -> Iterator[tuple[ast.AST, ast.FunctionDef, bool]]:
    yield node, function, is_nested
    if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
        # The words of an error stand or go as a whole.
        yield node.exc, function, False
        return
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "args") and isinstance(
            node, ast.AnnAssign | ast.FunctionDef
        ):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                inner = node if isinstance(node, ast.FunctionDef) else function
                is_expression = isinstance(node, ast.expr | ast.comprehension | ast.keyword)
                yield from _inside(child, inner, is_nested=is_expression)


_LOOSE = (ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.Lambda)


def _spliced(text: str, node: Any, new: ast.AST, is_nested: bool) -> str:
    """Return the text with a node replaced by another."""
    lines = text.encode().splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    if isinstance(node, ast.comprehension):
        begin, end = _span_of_comprehension(text, node, starts)
    else:
        top = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
        begin, end = starts[top - 1], starts[node.end_lineno - 1] + node.end_col_offset
        begin += node.col_offset
    code = ast.unparse(ast.fix_missing_locations(new)).strip()
    if isinstance(node, ast.Tuple) and text.encode()[begin : begin + 1] != b"(":
        code = code.removeprefix("(").removesuffix(")")
    if is_nested and isinstance(new, _LOOSE):
        code = f"({code})"
    indent = " " * getattr(node, "col_offset", 0)
    code = code.replace("\n", f"\n{indent}")
    return (text.encode()[:begin] + code.encode() + text.encode()[end:]).decode()


def _span_of_comprehension(
    text: str, node: ast.comprehension, starts: list[int]
) -> tuple[int, int]:
    """Return where `for … in … if …` begins and ends, which Python's tree does not tell."""
    target, last = node.target, (node.ifs or [node.iter])[-1]
    begin = starts[target.lineno - 1] + target.col_offset
    begin = text.encode()[:begin].rindex(b"for")
    assert last.end_lineno is not None
    assert last.end_col_offset is not None
    return begin, starts[last.end_lineno - 1] + last.end_col_offset
