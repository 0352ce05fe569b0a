"""Build the book into `site/`: pages made of the course's own files, then Sphinx over them.

The pages lie in `build/book` while it is built, and are made anew each time. A warning is an
error: a link that leads nowhere is one.
"""

from __future__ import annotations

import sys
from pathlib import Path

from sphinx.cmd.build import build_main

from gradkata.course import find_root

from .diagrams import draw_ahead
from .pages import write_all

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Build it; Sphinx's exit code."""
    root = find_root(ROOT)
    assert root is not None
    pages, site = root / "build" / "book" / "pages", root / "site"
    write_all(root, pages)
    # Each takes a second, which all of them would take one after another.
    draw_ahead(pages, pages.with_name("diagrams"))
    quiet = ["-q", "--fail-on-warning", "--keep-going"]
    places = ["-c", str(Path(__file__).parent), "-d", str(pages.with_name("doctrees"))]
    failed: int = build_main([*quiet, *places, *sys.argv[1:], str(pages), str(site)])
    if not failed:
        print(f"the book: {(site / 'index.html').as_uri()}")  # noqa: T201
    return failed


if __name__ == "__main__":
    sys.exit(main())
