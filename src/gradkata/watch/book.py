"""The book of the course: where a task stands in it, and what opens that in a browser."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from gradkata.course import Exercise
from gradkata.display import display_path

_NOT_BUILT = "the book is not built here: in a clone, python -m nox -s book builds it"
# VS Code sets it where its windows are on another machine, or outside of a container.
_OF_AN_EDITOR_ELSEWHERE = "VSCODE_IPC_HOOK_CLI"
# They would take the screen that the verdict is on.
_IN_TERMINAL = {"w3m", "lynx", "links", "links2", "elinks", "browsh", "www-browser"}


def address(exercise: Exercise, task: str) -> str:
    """Return where a task stands: in the book that was built here, or on the web; or nowhere."""
    page = exercise.root / "site" / exercise.number / "index.html"
    anchor = f"#{task}" if task else ""
    if page.is_file():
        return f"{page.as_uri()}{anchor}"
    web = _on_the_web()
    return f"{web.rstrip('/')}/{exercise.number}/{anchor}" if web else ""


def _on_the_web() -> str:
    """Return where the package says that its book is."""
    from importlib.metadata import PackageNotFoundError, metadata

    try:
        urls = metadata("gradkata").get_all("Project-URL") or []
    except PackageNotFoundError:  # run from a folder that is not installed
        return ""
    named: dict[str, str] = dict(url.split(", ", 1) for url in urls)
    return named.get("Book", "")


def show(exercise: Exercise, task: str, variables: Mapping[str, str]) -> str:
    """Open the book at a task, and say so, or why not."""
    url = address(exercise, task)
    if not url:
        return _NOT_BUILT
    if url.startswith("file:") and variables.get(_OF_AN_EDITOR_ELSEWHERE):
        folder = display_path(exercise.root / "site")
        page = url.rpartition("/site")[2].replace("index.html", "")
        serve = f"python -m http.server -b localhost -d {folder}"
        return f"your browser is elsewhere: {serve}, and there {page}"
    words = command(variables)
    if words is None:
        return f"no browser is known here; open {url}"
    nothing = subprocess.DEVNULL
    try:
        if words:
            subprocess.Popen(
                [*words, url], stdin=nothing, stdout=nothing, stderr=nothing, start_new_session=True
            )
        elif sys.platform == "win32":
            os.startfile(url)
    except OSError as error:
        return f"the browser cannot be started: {error.strerror or error}; open {url}"
    return f"opened {exercise.number} in the book" if not task else f"opened {task} in the book"


def command(variables: Mapping[str, str]) -> list[str] | None:
    """Return what opens an address, before the address; none is needed on Windows.

    None if nothing is known that would leave the terminal alone.
    """
    named = variables.get("BROWSER", "").partition(os.pathsep)[0].strip()
    words = [named] if shutil.which(named) else named.split()
    if words and "%s" not in named and Path(words[0]).stem not in _IN_TERMINAL:
        return words
    if sys.platform == "win32":
        return []
    if sys.platform == "darwin":
        return ["open"]
    has_screen = any(variables.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
    openers = ("wslview", *["xdg-open"] * has_screen)
    return next(([opener] for opener in openers if shutil.which(opener)), None)
