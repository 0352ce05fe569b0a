"""Take a Python file apart into the pieces that stand in it, one for each statement or comment.

Pieces of two files that are the same thing have the same key: a function its name, a comment its
text. So three versions of a file can be laid beside each other.
"""

from __future__ import annotations

import ast
import contextlib
import re
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_STUB = "raise NotImplementedError"
_BEGINS = re.compile(r"(?:@|(?:async\s+def|def|class)\b)")
_NAMED = re.compile(r"^\s*(?:async\s+def|def|class)\s+(\w+)", re.MULTILINE)
_WORD = re.compile(r"[^\W\d]\w*")

Key = tuple[str | int, ...]


class NotPlain(Exception):
    """A part of a file shares its lines with something else."""


@dataclass(frozen=True)
class Piece:
    """One statement, or one comment, with all its lines."""

    key: Key
    text: str
    gap: int = field(compare=False)  # how many empty lines stand above it

    @property
    def kind(self) -> str:
        """One of `def`, `class`, `set`, `import`, `doc`, `comment`, `code` and `broken`."""
        return str(self.key[0])

    @property
    def name(self) -> str:
        """What a function, a class or an assignment is called."""
        return str(self.key[1])

    @property
    def is_definition(self) -> bool:
        """Tell whether it defines a function or a class."""
        return self.kind in {"def", "class"}

    @property
    def binds(self) -> frozenset[str]:
        """The names that it gives a meaning."""
        tree = self._tree()
        if tree is None:
            return frozenset(_NAMED.findall(self.text) if self.kind != "comment" else ())
        return frozenset(_bound(tree))

    @property
    def uses(self) -> frozenset[str]:
        """The names that it needs; of what cannot be parsed, every word."""
        tree = self._tree()
        if tree is None:
            return frozenset(_WORD.findall(self.text) if self.kind != "comment" else ())
        names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
        return frozenset(node.id for node in names if isinstance(node.ctx, ast.Load))

    def _tree(self) -> ast.AST | None:
        if self.kind in {"comment", "broken"}:
            return None
        # A line may go on to the next, which is another piece.
        with contextlib.suppress(SyntaxError):
            return parsed(self.text)
        return None


@dataclass(frozen=True)
class Parts:
    """A function or a class from above to below; what is not there is empty."""

    decorators: str
    head: str
    doc: str
    body: str
    indent: str
    start: int | None  # where the body begins; None if the `def` shares its line with it

    @property
    def is_stub(self) -> bool:
        """Tell whether its body is not written yet."""
        return self.body.strip() == _STUB

    def text(self) -> str:
        """Return all of it."""
        return "\n".join(filter(None, [self.decorators, self.head, self.doc, self.body]))


def of_module(source: str) -> list[Piece]:
    """Return the pieces of a file; what cannot be parsed is `broken`, and in its place.

    Raises:
        NotPlain: if nothing of it can be parsed.
    """
    lines = source.split("\n")
    broken: list[tuple[int, int]] = []
    while True:
        try:
            body = parse("\n".join(lines)).body
            break
        except SyntaxError as error:
            # A null byte has no line.
            if not error.lineno or "\0" in source:
                raise NotPlain from error
            start, end = _around(min(error.lineno, len(lines)) - 1, lines)
            broken.append((start, end))
            lines[start:end] = [""] * (end - start)
        except (ValueError, RecursionError, MemoryError) as error:
            raise NotPlain from error
    return _pieces(source.split("\n"), body, broken, start=0, doc=True)


def of_class(text: str) -> list[Piece]:
    """Return the pieces of a class's body, below its docstring.

    Raises:
        NotPlain: if lines do not tell it from its head.
    """
    node = _definition(text)
    assert isinstance(node, ast.ClassDef)
    start = parts(text).start
    if start is None:
        raise NotPlain
    first = 1 if ast.get_docstring(node, clean=False) is not None else 0
    return _pieces(text.split("\n"), node.body[first:], [], start=start, doc=False)


def parse(source: str) -> ast.Module:
    """Return what a source says; what Python would warn of in it is no matter here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(source)


def parsed(text: str) -> ast.AST:
    """Return the statement that a piece is, with line numbers that count from its first line."""
    # Not any space: after a form feed a line begins anew.
    if text[:1] not in {" ", "\t"}:
        body = parse(text).body
        return body[0] if len(body) == 1 else ast.Module(body, [])
    tree = parse(f"if 1:\n{text}")
    ast.increment_lineno(tree, -1)
    assert isinstance(tree.body[0], ast.If)
    inner = tree.body[0].body
    return inner[0] if len(inner) == 1 else ast.Module(inner, [])


def parts(text: str) -> Parts:
    """Return the parts of a function or a class.

    Raises:
        NotPlain: if the docstring shares its line with something else, or the text needs what
            stands around it.
    """
    node, lines = _definition(text), text.lstrip("\f").split("\n")
    first = node.body[0]
    before = lines[first.lineno - 1].encode()[: first.col_offset].decode()
    above = node.lineno - 1
    if before.strip():
        # The body is on the line of the `def`.
        rest = lines[first.lineno - 1][len(before) :]
        indent = lines[0][: _depth(lines[0])] + "    "
        head = [*lines[above : first.lineno - 1], before.rstrip()]
        body = [indent + rest, *lines[first.lineno :]]
        if ast.get_docstring(node, clean=False) is not None:
            raise NotPlain
        return Parts(_join(lines[:above]), _join(head), "", _join(body), indent, None)
    starts = [d.lineno for d in getattr(first, "decorator_list", [])]
    end = min([first.lineno, *starts]) - 1
    while not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#"):
        end -= 1
    below = end
    if ast.get_docstring(node, clean=False) is not None:
        below = first.end_lineno or 0
        if any(inner.lineno == below for inner in node.body[1:]):
            raise NotPlain
    return Parts(
        _join(lines[:above]),
        _join(lines[above:end]),
        _join(lines[end:below]),
        _join(lines[below:]),
        before,
        below,
    )


def _definition(text: str) -> ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef:
    try:
        node = parsed(text)
    except SyntaxError as error:
        # A backslash at its end makes the empty line below a part of it.
        raise NotPlain from error
    if not isinstance(node, _Function | ast.ClassDef):
        raise NotPlain
    return node


def _join(lines: Sequence[str]) -> str:
    return "\n".join(lines)


def _around(line: int, lines: Sequence[str]) -> tuple[int, int]:
    """Return the lines of the definition at the margin around an error, or that line alone."""
    begins = [n for n, text in enumerate(lines) if _BEGINS.match(text)]
    start = max((n for n in begins if n <= line), default=line)
    while start and lines[start - 1].startswith("@"):
        start -= 1
    after = (n for n in begins if n > line and not lines[n - 1].startswith("@"))
    end = min(after, default=len(lines)) if _BEGINS.match(lines[start]) else line + 1
    while end > start + 1 and not lines[end - 1].strip():
        end -= 1
    # Where it is blank already, the error is of something above.
    if not any(text.strip() for text in lines[start:end]):
        start = max((n for n in range(start) if lines[n].strip()), default=start)
    return start, end


def _pieces(
    lines: Sequence[str],
    body: Sequence[ast.stmt],
    broken: Sequence[tuple[int, int]],
    *,
    start: int,
    doc: bool,
) -> list[Piece]:
    """Return the pieces of a block whose first line is `start`, counted from 0."""
    spans = [(*_span(node), _key(node, doc=doc and node is body[0])) for node in body]
    spans += [(first, last, ("broken", *_name_in(lines[first:last]))) for first, last in broken]
    found: list[Piece] = []
    at = start
    for first, last, key in _together(sorted(spans, key=lambda span: span[:2])):
        at = _between(lines, at, first, found)
        gap = _gap(lines, start, first)
        text = _join(lines[max(first, at) : last])
        found.append(Piece(key or ("code", text), text, gap))
        at = last
    _between(lines, at, len(lines), found)
    return _numbered(found)


def _together(spans: Sequence[tuple[int, int, Key]]) -> Iterator[tuple[int, int, Key]]:
    """Merge the spans that share a line."""
    first, last, key = 0, 0, ()  # type: int, int, Key
    for span in spans:
        if span[0] < last:
            last, key = max(last, span[1]), ()
            continue
        if last:
            yield first, last, key
        first, last, key = span
    if last:
        yield first, last, key


def _between(lines: Sequence[str], at: int, end: int, found: list[Piece]) -> int:
    """Add the comments that stand from a line on; indented ones end the piece above them."""
    number = at
    while number < end:
        if not lines[number].strip():
            number += 1
            continue
        last = number
        while last < end and lines[last].strip():
            last += 1
        text = _join(lines[number:last])
        if found and _depth(lines[number]) > _depth(found[-1].text) and found[-1].is_definition:
            above = found.pop()
            found.append(replace(above, text=_join([above.text, *lines[at:last]])))
        else:
            found.append(Piece(("comment", text.strip()), text, _gap(lines, 0, number)))
        number = at = last
    return at


def _depth(text: str) -> int:
    return len(text) - len(text.lstrip())


def _gap(lines: Sequence[str], start: int, first: int) -> int:
    above = first
    while above > start and not lines[above - 1].strip():
        above -= 1
    return first - above


def _span(node: ast.stmt) -> tuple[int, int]:
    decorators = getattr(node, "decorator_list", [])
    first = min([node.lineno, *(decorator.lineno for decorator in decorators)])
    return first - 1, node.end_lineno or node.lineno


def _key(node: ast.stmt, *, doc: bool) -> Key:
    match node:
        case ast.FunctionDef(name) | ast.AsyncFunctionDef(name):
            return "def", name
        case ast.ClassDef(name):
            return "class", name
        case ast.ImportFrom():
            return "import", f"from {'.' * node.level}{node.module or ''}"
        case ast.Import():
            return "import", ast.unparse(node)
        case ast.Assign(targets=[ast.Name(name)]) | ast.AnnAssign(target=ast.Name(name)):
            return "set", name
        case ast.Expr(ast.Constant(str())) if doc:
            return ("doc",)
    return ()


def _name_in(lines: Sequence[str]) -> tuple[str]:
    named = _NAMED.search(_join(lines))
    return (named[1] if named else _join(lines),)


def _numbered(found: Sequence[Piece]) -> list[Piece]:
    """Number the pieces that share a key; the last of them has number 0."""
    seen: Counter[Key] = Counter()
    numbered = []
    for piece in reversed(found):
        # What is called alike takes the place of the other: a class that of a function, too.
        numbered.append(replace(piece, key=(*piece.key, seen[piece.key])))
        seen[piece.key] += 1
    return numbered[::-1]


def _bound(tree: ast.AST) -> Iterator[str]:
    match tree:
        case ast.FunctionDef(name) | ast.AsyncFunctionDef(name) | ast.ClassDef(name):
            yield name
            return
        case ast.Import(names) | ast.ImportFrom(names=names):
            yield from ((alias.asname or alias.name).partition(".")[0] for alias in names)
        case ast.Name(name, ast.Store()):
            yield name
    for inner in ast.iter_child_nodes(tree):
        yield from _bound(inner)
