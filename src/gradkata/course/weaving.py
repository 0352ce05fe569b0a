"""Put pieces of one file between those of another, each where its neighbours are."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

from gradkata.course.pieces import Key, Piece


def weave(
    spine: Sequence[Piece],
    extra: Sequence[Piece],
    source: Sequence[Piece],
    *,
    beside: Mapping[Key, Key],
) -> list[Piece]:
    """Return the spine with the extra pieces in it.

    Args:
        spine: pieces in the order that stays.
        extra: those that come in, in the order of their file.
        source: all the pieces of that file.
        beside: those which must come right after another, by their keys.
    """
    result = list(spine)
    order = [piece.key for piece in source]
    for piece in reversed(extra):
        keys = [there.key for there in result]
        if piece.key in beside:
            result.insert(keys.index(beside[piece.key]) + 1, piece)
        else:
            result.insert(_place(piece, result, source, order.index(piece.key)), piece)
    return result


def _place(piece: Piece, result: Sequence[Piece], source: Sequence[Piece], index: int) -> int:
    """Return where a piece goes: below what stood above it, and above what needs it."""
    places = {there.key: place for place, there in enumerate(result)}
    below = source[index + 1 :]
    if piece.kind == "comment" and below and not below[0].gap and below[0].key in places:
        return places[below[0].key]
    above = [places[there.key] + 1 for there in source[:index] if there.key in places]
    first = _first_place(piece, result)
    place = max(above[-1] if above else 0, first)
    users = [places[there.key] for there in below if there.key in places]
    users = [user for user in users if first <= user < place and piece.binds & result[user].uses]
    return min(users, default=place)


def _first_place(piece: Piece, result: Sequence[Piece]) -> int:
    """Return where code may begin: no statement comes above a docstring or a future import."""
    if piece.kind in {"comment", "doc"}:
        return 0
    heads = [
        n for n, there in enumerate(result) if there.kind == "doc" or "__future__" in there.text
    ]
    if "__future__" in piece.text:
        heads = [n for n in heads if result[n].kind == "doc"]
    return max(heads, default=-1) + 1


def rendered(pieces: Sequence[Piece], sources: Sequence[Sequence[Piece]], *, apart: int) -> str:
    """Return the text of pieces, with empty lines as they are where two are neighbours.

    Args:
        pieces: what is to be written.
        sources: the files that they come from; of two, the later one's empty lines stand.
        apart: how many empty lines there are around a definition.
    """
    gaps = {
        (above.key, below.key): below.gap
        for source in sources
        for above, below in itertools.pairwise(source)
    }
    text = ""
    for number, piece in enumerate(pieces):
        if number:
            above = pieces[number - 1]
            gap = gaps.get((above.key, piece.key), _gap(above, piece, apart))
            text += "\n" * (gap + 1)
        text += piece.text
    return f"{text}\n" if text else ""


def _gap(above: Piece, below: Piece, apart: int) -> int:
    if above.kind == "import" == below.kind:
        return 0
    around = above.is_definition or (below.is_definition and above.kind != "comment")
    return max(below.gap, apart if around else 0)
