"""Put what a learner wrote into a newer version of the file, piece by piece.

Three texts are laid beside each other: the stub as it was, the stub as it is now, and the
learner's file. Whoever changed a piece has his say; where both did, ours stands and it is said.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from gradkata.course import pieces
from gradkata.course.pieces import Key, NotPlain, Piece
from gradkata.course.weaving import rendered, weave


@dataclass(frozen=True)
class Merged:
    """The learner's file for the new version, and a sentence on each thing to know of it."""

    text: str
    notes: list[str]


def merge(old: str | None, new: str, mine: str) -> Merged:
    """Return the learner's file with all that is new in it.

    Args:
        old: the stub that the learner began with, None if it is not known.
        new: the stub of the new version.
        mine: the learner's file. Lines end with a line feed here, in all three.

    Raises:
        NotPlain: if the learner's file cannot be told apart, so that it had better stay.
    """
    if mine in (old, new):
        return Merged(new, _changes_of_stub(old, new))
    if old == new:
        return Merged(mine, [])
    before = pieces.of_module(old) if old is not None else None
    work = _Work()
    now, yours = pieces.of_module(new), pieces.of_module(mine)
    kept = work.block(before, now, yours, within="")
    if kept == yours:
        return Merged(mine, work.notes)
    text = rendered(kept, [now, yours], apart=2)
    if not any(piece.kind == "broken" for piece in yours):
        _see_that_it_parses(text)
    return Merged(text, work.notes)


def _see_that_it_parses(text: str) -> None:
    try:
        pieces.parse(text)
    except SyntaxError as error:
        raise NotPlain from error


def _changes_of_stub(old: str | None, new: str) -> list[str]:
    work = _Work()
    if old is not None and old != new:
        stub = pieces.of_module(old)
        work.block(stub, pieces.of_module(new), stub, within="")
    return work.notes


@dataclass
class _Work:
    """One merge, and what is to be said of it."""

    notes: list[str] = field(default_factory=list)

    def block(
        self,
        old: Sequence[Piece] | None,
        new: Sequence[Piece],
        mine: Sequence[Piece],
        *,
        within: str,
    ) -> list[Piece]:
        """Return the pieces of a file, or of the class that is named."""
        mine = self._renamed(old, new, mine)
        before = {piece.key: piece for piece in old or ()}
        now = {piece.key: piece for piece in new}
        known = old is not None
        # What of ours comes right after a piece of yours.
        beside = {
            piece.key: _own(piece).key
            for piece in mine
            if known and piece.key in now and piece.key not in before
            if not _may_be_answer(now[piece.key], piece)
        }
        for piece in (piece for piece in mine if piece.key in beside):
            self._say(within, piece, "is new, and your own of that name stands above it")
        mine = [_own(piece) if piece.key in beside else piece for piece in mine]
        result = [
            self._one(before.get(p.key), now[p.key], p, known, within) if p.key in now else p
            for p in mine
        ]
        result = self._without_what_went(before, now, result, known, within)
        bound = frozenset().union(*(piece.binds for piece in result)) if result else frozenset()
        added = [
            piece
            for piece in new
            if piece.key in beside
            or piece.key not in {p.key for p in result}
            and self._comes(before.get(piece.key), piece, bound, known, within)
        ]
        order = [key for key in before if key in now]
        is_reordered = order != [key for key in now if key in before]
        if is_reordered and not any(piece.kind == "broken" for piece in mine):
            fresh = {piece.key: piece for piece in (*result, *added)}
            spine = [fresh.pop(piece.key) for piece in new if piece.key in fresh]
            return weave(spine, [p for p in result if p.key in fresh], mine, beside={})
        return weave(result, added, new, beside=beside)

    def _say(self, within: str, piece: Piece, sentence: str) -> None:
        name = piece.name if piece.kind in {"def", "class", "set", "broken"} else piece.text
        subject = f"{within}.{name}" if within else name
        note = f"{subject} {sentence}"
        if note not in self.notes:
            self.notes.append(note)

    def _renamed(
        self, old: Sequence[Piece] | None, new: Sequence[Piece], mine: Sequence[Piece]
    ) -> list[Piece]:
        """Give the answers to tasks that only have another name now that name.

        It is one that went and one that came with the same docstring, which no others have, and
        nothing of the learner's calls it by the old name.
        """
        stubs = [p for p in old or mine if p.is_definition and p.key not in {n.key for n in new}]
        came = [p for p in new if p.is_definition and p.key not in {o.key for o in old or mine}]
        names = {p.key for p in mine}
        result = list(mine)
        for stub in stubs:
            doc = _doc(stub)
            if not doc or [_doc(p) for p in (*stubs, *came)].count(doc) != 2:
                continue
            for fresh in came:
                alike = _doc(fresh) == doc and fresh.kind == stub.kind
                is_used = any(stub.name in p.uses for p in mine)
                if alike and not is_used and stub.key in names and fresh.key not in names:
                    at = [p.key for p in result].index(stub.key)
                    text = _with_name(result[at], stub.name, fresh.name)
                    result[at] = replace(result[at], key=fresh.key, text=text)
                    self.notes.append(f"{stub.name} is called {fresh.name} now")
        return result

    def _one(self, old: Piece | None, new: Piece, mine: Piece, known: bool, within: str) -> Piece:
        """Return a piece that is both in the new version and in the learner's file."""
        if mine.text == new.text or (old is not None and new.text == old.text):
            return mine
        if not mine.is_definition or new.kind != mine.kind:
            return self._either(old, new, mine, known, within)
        try:
            if new.kind == "class":
                text = self._class(old, new, mine, within)
            else:
                text = self._function(old, new, mine, within)
        except NotPlain:
            self._say(
                within, mine, "is new in part, and yours stays: it is not plain what goes where"
            )
            return mine
        return replace(mine, text=text)

    def _either(
        self, old: Piece | None, new: Piece, mine: Piece, known: bool, within: str
    ) -> Piece:
        if not (old is not None and mine.text == old.text) and mine.kind != "doc":
            self._say(within, mine, "differs from yours in the new version, and the new one stands")
        return replace(mine, text=new.text)

    def _function(self, old: Piece | None, new: Piece, mine: Piece, within: str) -> str:
        now, yours = pieces.parts(new.text), pieces.parts(mine.text)
        was = _parts(old) if old is not None and old.kind == new.kind else None
        self._say_what_changed(was or yours, now, new, within)
        body = yours.body
        if not now.is_stub and (was is None or was.body != now.body) and body != now.body:
            body = now.body
            if not yours.is_stub and (was is None or was.body != yours.body):
                self._say(within, mine, "comes with its body now, and that stands for yours")
        if body is yours.body:
            now = _indented(now, yours.indent)
        return replace(_above(was, now, yours), body=body).text()

    def _class(self, old: Piece | None, new: Piece, mine: Piece, within: str) -> str:
        now, yours = pieces.parts(new.text), pieces.parts(mine.text)
        was = _parts(old) if old is not None and old.kind == new.kind else None
        self._say_what_changed(was or yours, now, new, within)
        inner = [pieces.of_class(p.text) if p is not None else None for p in (old, new, mine)]
        before, ours, own = inner[0] if was else None, inner[1] or [], inner[2] or []
        members = self.block(before, ours, own, within=new.name)
        above = _above(was, now, yours)
        body = rendered(members, [ours, own], apart=1).rstrip("\n")
        gap = "\n" * (members[0].gap if members else 0)
        return replace(above, body=gap + body).text()

    def _say_what_changed(
        self, was: pieces.Parts, now: pieces.Parts, piece: Piece, within: str
    ) -> None:
        changed = []
        if (was.decorators, was.head) != (now.decorators, now.head):
            changed.append("signature")
        if was.doc.split() != now.doc.split():
            changed.append("docstring")
        if changed:
            self._say(within, piece, f"has another {' and '.join(changed)} now")

    def _without_what_went(
        self,
        before: dict[Key, Piece],
        now: dict[Key, Piece],
        result: list[Piece],
        known: bool,
        within: str,
    ) -> list[Piece]:
        """Leave out what the new version has no more, unless something else needs it."""
        gone = [p for p in result if p.key not in now and _goes(before.get(p.key), p, known)]
        left = [p for p in result if p not in gone]
        while needed := [p for p in gone if any(p.binds & other.uses for other in left)]:
            left += needed
            gone = [p for p in gone if p not in needed]
        for piece in result:
            if piece.key in before and piece.key not in now and piece.is_definition:
                is_answer = piece.text != before[piece.key].text
                if piece in gone and is_answer:
                    self._say(
                        within, piece, "is not in the new version; your answer is kept beside"
                    )
                elif piece in gone:
                    self._say(within, piece, "is not in the new version")
                elif is_answer:
                    self._say(
                        within, piece, "is not in the new version; yours stays, for it is used"
                    )
        return [piece for piece in result if piece not in gone]

    def _comes(
        self, old: Piece | None, new: Piece, bound: frozenset[str], known: bool, within: str
    ) -> bool:
        """Tell whether what is in the new version alone comes into the learner's file."""
        if new.is_definition and new.name in bound:
            if old is None or old.text != new.text:
                self._say(within, new, "is something else in your file, and that stays")
            return False
        if old is None:
            if known and new.is_definition:
                self._say(within, new, "is new")
            return True
        if _is_to_write(new):
            self._say(within, new, "was not in your file; its stub is there again")
            return True
        return new.text != old.text


def _own(piece: Piece) -> Piece:
    return replace(piece, key=("own", *piece.key))


def _goes(old: Piece | None, mine: Piece, known: bool) -> bool:
    """Tell whether something that the new version does not have may go."""
    if old is not None:
        # The stub's own, or an answer to what is asked no more.
        return mine.text == old.text or (_is_to_write(old) and mine.kind == old.kind)
    return not known and mine.kind == "def" and _is_to_write(mine)


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


def _parts(piece: Piece) -> pieces.Parts | None:
    return pieces.parts(piece.text)


def _with_name(piece: Piece, old: str, new: str) -> str:
    above = pieces.parts(piece.text)
    return replace(above, head=above.head.replace(old, new, 1)).text()


def _above(was: pieces.Parts | None, now: pieces.Parts, yours: pieces.Parts) -> pieces.Parts:
    """Return what stands above a body: the learner's where only the learner changed it."""
    if was is None:
        return now
    return replace(
        now,
        decorators=_changed(was.decorators, now.decorators, yours.decorators),
        head=_changed(was.head, now.head, yours.head),
        doc=_changed(was.doc, now.doc, yours.doc),
    )


def _changed(was: str, now: str, yours: str) -> str:
    return yours if was == now else now


def _indented(now: pieces.Parts, indent: str) -> pieces.Parts:
    """Return parts whose docstring stands as deep as a learner's body does."""
    if not indent or indent == now.indent:
        return now
    lines = now.doc.split("\n")
    moved = [
        indent + line.removeprefix(now.indent) if line.startswith(now.indent) else line
        for line in lines
    ]
    return replace(now, doc="\n".join(moved))
