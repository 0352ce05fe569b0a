"""Markdown in a terminal, on whatever background it has, whose links a click can follow."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from rich.console import Console, ConsoleOptions, RenderResult
from rich.markdown import ImageItem, Markdown, MarkdownElement
from rich.style import Style
from rich.theme import Theme

from gradkata.display import as_text

# The sixteen colours of the terminal, which its owner has chosen to be legible on its background.
_COLOURS = "ansi_dark"
_ON_ANY_BACKGROUND = Theme({"markdown.code": "bold cyan", "markdown.code_block": "cyan"})


class _Picture(ImageItem):
    """Says in words that a picture is meant, for a sign of two columns has not every font."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        words = self.text if self.text else as_text(Path(self.destination).name)
        words.stylize(Style(link=self.link or self.destination))
        line = as_text("a picture: ").append_text(words)
        line.end = ""  # its paragraph ends the line
        yield line


class Prose(Markdown):
    """Markdown that paints no background.

    Args:
        text: its source.
        folder: what links to files start from; they then lead to the files from anywhere.
    """

    elements: ClassVar[dict[str, type[MarkdownElement]]] = {
        **Markdown.elements,
        "image": _Picture,
    }

    def __init__(self, text: str, folder: Path | None = None) -> None:
        super().__init__(text, code_theme=_COLOURS)
        if folder is not None:
            for token in (child for one in self.parsed for child in one.children or ()):
                for name in {"href", "src"} & token.attrs.keys():
                    token.attrs[name] = _address(str(token.attrs[name]), folder)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Render it with colours alone."""
        with console.use_theme(_ON_ANY_BACKGROUND):
            yield from super().__rich_console__(console, options)


def _address(link: str, folder: Path) -> str:
    """Return where a link leads, from anywhere; what is no file here stays as it is."""
    file = folder / link.partition("#")[0]
    return file.resolve().as_uri() if ":" not in link and file.exists() else link
