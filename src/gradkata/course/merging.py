"""Put what a learner wrote into a newer version of the file, piece by piece.

Three texts are laid beside each other: the stub as it was, the stub as it is now, and the
learner's file. Whoever changed a piece has his say; where both did, ours stands and it is said.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from functools import cached_property

from gradkata.course import pieces
from gradkata.course.joining import above, imported, indented, with_name
from gradkata.course.pieces import Key, NotPlain, Piece
from gradkata.course.weaving import rendered, weave

_BROKEN = "cannot be parsed and stays: mend it, and kata update brings the rest"


@dataclass(frozen=True)
class Merged:
    """The learner's file for the new version, and a sentence on each thing to know of it."""

    text: str
    notes: list[str]
    left: Sequence[str] = ()  # the notes on pieces that cannot be parsed, which stay as they are


def merge(old: str | None, new: str, mine: str) -> Merged:
    """Return the learner's file with all that is new in it.

    Args:
        old: the stub that the learner began with, None if it is not known.
        new: the stub of the new version.
        mine: the learner's file. Lines end with a line feed here, in all three.

    Raises:
        NotPlain: if the learner's file cannot be taken apart; it should stay as it is.
    """
    if old == new or mine == new:
        return Merged(mine, [])
    before = pieces.of_module(old) if old is not None else None
    now, yours = pieces.of_module(new), pieces.of_module(mine)
    broken = {name for piece in yours if piece.kind == "broken" for name in piece.binds}
    used = {name for piece in yours for name in piece.uses}
    block = _Block(before, now, within="", notes=[], broken=broken, used=used)
    result = _merged(block, yours)
    if mine == old:
        return Merged(new, block.notes)
    if result == yours:
        return Merged(mine, block.left, block.left)
    text = rendered(result, [now, yours], apart=2)
    if not _is_broken(yours):
        _see_that_it_parses(text)
    return Merged(text, block.notes if text != mine else block.left, block.left)


def _is_broken(block: Sequence[Piece]) -> bool:
    return any(piece.kind == "broken" for piece in block)


def _see_that_it_parses(text: str) -> None:
    try:
        pieces.parse(text)
    except SyntaxError as error:
        raise NotPlain from error


@dataclass(frozen=True)
class _Block:
    """A file, or a class in it, as it was and as it is in the new version."""

    old: Sequence[Piece] | None
    new: Sequence[Piece]
    within: str  # the class's name
    notes: list[str]
    broken: Set[str] = frozenset()  # what cannot be parsed in the learner's file
    used: Set[str] = frozenset()  # the names that the learner's file needs

    @property
    def is_known(self) -> bool:
        """Tell whether it is known what the learner began with."""
        return self.old is not None

    @property
    def left(self) -> list[str]:
        """The notes on what cannot be parsed."""
        return [note for note in self.notes if note.endswith(_BROKEN)]

    @cached_property
    def before(self) -> dict[Key, Piece]:
        """The pieces of the old stub."""
        return {piece.key: piece for piece in self.old or ()}

    @cached_property
    def now(self) -> dict[Key, Piece]:
        """The pieces of the new stub."""
        return {piece.key: piece for piece in self.new}

    def say(self, piece: Piece, sentence: str) -> None:
        """Note what is to be known of a piece."""
        name = "the file's docstring" if piece.kind == "doc" else piece.name
        note = f"{self.within}.{name} {sentence}" if self.within else f"{name} {sentence}"
        if note not in self.notes:
            self.notes.append(note)


def _merged(block: _Block, mine: Sequence[Piece]) -> list[Piece]:
    """Return the pieces of the block for the new version."""
    mine = _renamed(block, mine)
    clashes = {piece.key for piece in mine if _clashes(block, piece)}
    for piece in mine:
        if piece.key in clashes:
            block.say(piece, "is new, and your own of that name stands above it")
    mine = [_own(piece) if piece.key in clashes else piece for piece in mine]
    both = [_one(block, piece) if piece.key in block.now else piece for piece in mine]
    result = _without_what_went(block, both)
    bound = {name for piece in result for name in piece.binds}
    there = {piece.key for piece in result}
    absent = [piece for piece in block.new if piece.key not in there]
    added = [p for p in absent if p.key in clashes or _comes(block, p, bound)]
    order = [key for key in block.before if key in block.now]
    if order == [key for key in block.now if key in block.before] or _is_broken(mine):
        return weave(result, added, block.new, beside={key: ("own", *key) for key in clashes})
    fresh = {piece.key: piece for piece in (*result, *added)}
    spine = [fresh.pop(piece.key) for piece in block.new if piece.key in fresh]
    return weave(spine, [p for p in result if p.key in fresh], mine, beside={})


def _clashes(block: _Block, mine: Piece) -> bool:
    """Tell whether a learner's own thing has the name of something new, and is no answer to it."""
    is_own = block.is_known and mine.key not in block.before and mine.key in block.now
    return is_own and not _may_be_answer(block.now[mine.key], mine)


def _renamed(block: _Block, mine: Sequence[Piece]) -> list[Piece]:
    """Rename the learner's answers to tasks that were renamed.

    A task counts as renamed if one that went and one that came share a docstring that no other
    has, and nothing of the learner's uses the old name.
    """
    old = block.old if block.old is not None else mine
    known, names = {p.key for p in old}, {p.key for p in mine}
    went = [p for p in old if p.is_definition and p.key not in block.now]
    came = [p for p in block.new if p.is_definition and p.key not in known | names]
    docs = [_doc(piece) for piece in (*went, *came)]
    result = list(mine)
    for stub, fresh in itertools.product(went, came):
        alike = _doc(fresh) == _doc(stub) != "" and fresh.kind == stub.kind
        if (
            alike
            and docs.count(_doc(stub)) == 2
            and stub.name not in block.used
            and stub.key in names
        ):
            at = [piece.key for piece in result].index(stub.key)
            text = with_name(result[at], stub.name, fresh.name)
            result[at] = replace(result[at], key=fresh.key, text=text)
            block.notes.append(f"{stub.name} is called {fresh.name} now")
    return result


def _one(block: _Block, mine: Piece) -> Piece:
    """Return a piece that is both in the new version and in the learner's file."""
    old, new = block.before.get(mine.key), block.now[mine.key]
    if mine.text == new.text or (old is not None and new.text == old.text):
        return mine
    if mine.kind == "import":
        return replace(mine, text=imported(old, new, mine, block.used))
    if not mine.is_definition:
        if not (old is not None and mine.text == old.text):
            block.say(mine, "differs from yours in the new version, and the new one stands")
        return replace(mine, text=new.text)
    try:
        return replace(mine, text=_definition(block, old, new, mine))
    except NotPlain:
        sentence = "is another in the new version, and yours stays: it is not plain what goes where"
        block.say(mine, sentence)
        return mine


def _definition(block: _Block, old: Piece | None, new: Piece, mine: Piece) -> str:
    now, yours = pieces.parts(new.text), pieces.parts(mine.text)
    was = pieces.parts(old.text) if old is not None else None
    if was is None and not now.decorators:
        now = replace(now, decorators=yours.decorators)
    _say_what_changed(block, was, now, yours, new)
    if new.kind == "class":
        body = _members(block, old, new, mine)
    else:
        body = _body(block, was, now, yours, mine)
    if body != now.body:
        now = indented(now, yours.indent)
    return replace(above(was, now, yours), body=body).text()


def _body(
    block: _Block, was: pieces.Parts | None, now: pieces.Parts, yours: pieces.Parts, mine: Piece
) -> str:
    if now.is_stub or (was is not None and was.body == now.body) or yours.body == now.body:
        return yours.body
    if not yours.is_stub and (was is None or was.body != yours.body):
        block.say(mine, "comes with its body now, and that stands for yours")
    return now.body


def _members(block: _Block, old: Piece | None, new: Piece, mine: Piece) -> str:
    before = pieces.of_class(old.text) if old is not None else None
    ours, own = pieces.of_class(new.text), pieces.of_class(mine.text)
    members = _merged(_Block(before, ours, within=new.name, notes=block.notes), own)
    gap = members[0].gap if members else 0
    return "\n" * gap + rendered(members, [ours, own], apart=1).rstrip("\n")


def _say_what_changed(
    block: _Block, was: pieces.Parts | None, now: pieces.Parts, yours: pieces.Parts, piece: Piece
) -> None:
    changed = []
    before, after = was or yours, above(was, now, yours)
    if (before.decorators, before.head) != (now.decorators, now.head):
        changed.append("signature")
    is_another = was is not None and was.doc.split() != now.doc.split()
    if is_another or after.doc.split() != yours.doc.split():
        changed.append("docstring")
    if changed:
        block.say(piece, f"has another {' and '.join(changed)} now")


def _without_what_went(block: _Block, mine: Sequence[Piece]) -> list[Piece]:
    """Remove the pieces that the new version lacks, unless the rest of the file uses them."""
    gone = [piece for piece in mine if _goes(block, piece)]
    left = [piece for piece in mine if piece not in gone]
    while needed := [p for p in gone if any(p.binds & other.uses for other in left)]:
        left += needed
        gone = [piece for piece in gone if piece not in needed]
    for piece in mine:
        old = block.before.get(piece.key)
        is_answer = old is None or piece.text != old.text
        if piece in gone and piece.is_definition:
            kept = "; yours is in the file kept beside" if is_answer else ""
            block.say(piece, f"is not in the new version{kept}")
        elif old is not None and is_answer and piece.is_definition and piece.key not in block.now:
            block.say(piece, "is not in the new version; yours stays, for your file uses it")
    return [piece for piece in mine if piece not in gone]


def _comes(block: _Block, new: Piece, bound: Set[str]) -> bool:
    """Tell whether a piece that only the new version has goes into the learner's file."""
    old = block.before.get(new.key)
    if new.is_definition and new.name in block.broken:
        if old is None or old.text != new.text:
            block.say(new, _BROKEN)
        return False
    if new.is_definition and new.name in bound:
        if old is None or old.text != new.text:
            block.say(new, "is something else in your file, and that stays")
        return False
    if old is None:
        if block.is_known and new.is_definition:
            block.say(new, "is new")
        return True
    if _is_to_write(new):
        block.say(new, "was not in your file; its stub is there again")
        return True
    return new.text != old.text


def _own(piece: Piece) -> Piece:
    return replace(piece, key=("own", *piece.key))


def _goes(block: _Block, mine: Piece) -> bool:
    """Tell whether a piece that the new version lacks may be removed."""
    old = block.before.get(mine.key)
    if mine.key in block.now:
        return False
    if old is not None:
        # The stub's own, or an answer to what is asked no more.
        return mine.text == old.text or _is_to_write(old)
    return not block.is_known and mine.kind == "def" and _is_to_write(mine)


def _is_to_write(piece: Piece) -> bool:
    """Tell whether a learner is to write something of a stub's piece."""
    if not piece.is_definition:
        return False
    if piece.kind == "def":
        return pieces.parts(piece.text).is_stub
    return any(_is_to_write(member) for member in pieces.of_class(piece.text))


def _may_be_answer(new: Piece, mine: Piece) -> bool:
    """Tell whether a function that was the learner's own can be called as the new one is."""
    if new.kind != "def" or mine.kind != "def":
        return new.kind == mine.kind or not new.is_definition
    return _arguments(new) == _arguments(mine)


def _arguments(piece: Piece) -> list[str]:
    node = pieces.parsed(piece.text)
    assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    return [
        type(node).__name__,
        *(arg.arg for arg in ast.walk(node.args) if isinstance(arg, ast.arg)),
    ]


def _doc(piece: Piece) -> str:
    try:
        return " ".join(pieces.parts(piece.text).doc.split())
    except (NotPlain, SyntaxError):
        return ""
