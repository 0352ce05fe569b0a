"""Markdown in a terminal, on whatever background it has, whose links a click can follow."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from rich.console import Console, ConsoleOptions, RenderResult
from rich.markdown import ImageItem, Markdown, MarkdownElement
from rich.style import Style
from rich.theme import Theme

from gradkata.display import as_text, display_path

if TYPE_CHECKING:
    from markdown_it.token import Token

# The sixteen colours of the terminal, which its owner has chosen to be legible on its background.
_COLOURS = "ansi_dark"
_ON_ANY_BACKGROUND = Theme({"markdown.code": "bold cyan", "markdown.code_block": "cyan"})


class _Picture(ImageItem):
    """Says which file it is in a line of its own, for some terminals open a path at a click."""

    path: str

    @classmethod
    def create(cls, markdown: Markdown, token: Token) -> _Picture:
        """Take the path besides what leads there."""
        picture = cls(str(token.attrs["src"]), markdown.hyperlinks)
        picture.path = display_path(token.meta["file"]) if token.meta else picture.destination
        return picture

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        line = as_text("a picture")
        line.stylize(Style(link=self.link or self.destination))
        line.append(f", {self.path}:\n").append_text(self.text)
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
                    _lead_to_file(token, name, folder)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Render it with colours alone."""
        with console.use_theme(_ON_ANY_BACKGROUND):
            yield from super().__rich_console__(console, options)


def _lead_to_file(token: Token, name: str, folder: Path) -> None:
    """Let a link to a file lead there from anywhere; what is no file here stays as it is."""
    link = str(token.attrs[name])
    file = (folder / link.partition("#")[0]).resolve()
    if ":" not in link and file.is_file():
        token.attrs[name] = file.as_uri()
        token.meta["file"] = file
