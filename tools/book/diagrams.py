"""Mermaid as SVG, drawn while the book is built: a page needs neither a script nor a network."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path

import mermaidx

# Text as SVG's own, in lines that are broken only where they are long.
_CONFIG = {
    "htmlLabels": False,
    "fontFamily": "sans-serif",
    "flowchart": {"htmlLabels": False, "wrappingWidth": 280, "padding": 10},
}
_BLOCK = re.compile(r"^```mermaid\n(.*?)^```", re.MULTILINE | re.DOTALL)
# A drawing that is wider than this is unreadable on a phone; or even on a page.
_NARROW, _WIDE = 340, 950


def draw_ahead(pages: Path, cache: Path) -> None:
    """Draw every diagram of a folder of pages, as many at a time as there are cores."""
    texts = [file.read_text(encoding="utf-8") for file in sorted(pages.rglob("*.md"))]
    sources = [source for text in texts for source in _BLOCK.findall(text)]
    with ProcessPoolExecutor() as side_by_side:
        list(side_by_side.map(_draw_one, sources, repeat(cache)))


def _draw_one(source: str, cache: Path) -> None:
    list(draw(source, cache))


def draw(source: str, cache: Path) -> Iterator[str]:
    """Yield a drawing as SVG, and a second one from top to bottom if it is wide.

    Each is remembered in the folder `cache`, for it takes a second to draw.
    """
    name = f"diagram-{hashlib.sha256(source.encode()).hexdigest()[:8]}"
    drawing = _drawn(source, f"{name}-wide", cache)
    wide = _width(drawing)
    tall = re.sub(r"^flowchart LR", "flowchart TB", source)
    if wide <= _NARROW:
        yield f'<div class="only">{drawing}</div>'
    elif tall == source:
        yield f'<div class="scrolled">{drawing}</div>'
    else:
        if wide <= _WIDE:
            yield f'<div class="wide">{drawing}</div>'
        kind = "tall" if wide <= _WIDE else "only"
        yield f'<div class="{kind}">{_drawn(tall, f"{name}-tall", cache)}</div>'


def _drawn(source: str, name: str, cache: Path) -> str:
    known = repr((mermaidx.__version__, _CONFIG, source, name))
    file = cache / f"{hashlib.sha256(known.encode()).hexdigest()}.svg"
    if not file.is_file():
        cache.mkdir(parents=True, exist_ok=True)
        svg = mermaidx.render(source, theme="neutral", config=_CONFIG).svg()
        file.write_text(_for_a_page(svg, name), encoding="utf-8")
    return file.read_text(encoding="utf-8")


def _for_a_page(svg: str, name: str) -> str:
    """Return a drawing with a name of its own, as wide as it is drawn, and no animations."""
    svg = svg.replace("my-svg", name)
    svg = re.sub(r"@keyframes [\w-]+\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", svg)
    svg = re.sub(r' role="[^"]*" aria-roledescription="[^"]*"', ' aria-hidden="true"', svg, count=1)
    return re.sub(r' width="100%"', f' width="{_width(svg):.0f}"', svg, count=1)


def _width(svg: str) -> float:
    found = re.search(r'viewBox="\S+ \S+ (\S+) ', svg)
    assert found is not None
    return float(found[1])
