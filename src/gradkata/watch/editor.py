"""The learner's editor: which it is, how it is told a line, and whether it takes the screen."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

_VARIABLES = ("KATA_EDITOR", "VISUAL", "EDITOR")
_IN_TERMINAL = {
    *("vi", "vim", "nvim", "view", "nano", "pico", "emacs", "mg", "jed", "ne", "joe", "micro"),
    *("kak", "hx", "helix", "ed", "ex", "mcedit", "tilde", "zile", "pine"),
    # Microsoft's, which newer systems bring.
    *("edit", "msedit"),
}
_WITH_PLUS = _IN_TERMINAL - {"hx", "helix", "edit", "msedit"} | {
    "gvim",
    "mvim",
    "emacsclient",
    "gedit",
}
# VS Code and what is made of it, all of which name their terminal "vscode".
_OF_VSCODE = ("code", "code-insiders", "codium", "vscodium", "cursor", "windsurf", "code-server")
_WITH_GOTO = set(_OF_VSCODE)
_WITH_COLON = {"hx", "helix", "edit", "msedit", "subl", "sublime_text", "zed", "zeditor"}
_WITH_LINE = {"pycharm", "pycharm64", "idea", "idea64", "charm", "kate"}
# Folders from VS Code's file for git up to the one that holds it all.
_DEEPEST = 6
# What lets an editor that has windows of its own stay in the terminal.
_NO_WINDOW = {"-nw", "-t", "-tty", "--tty", "--no-window-system"}


class Command(NamedTuple):
    """What opens a file at a line; `takes_screen` tells whether it is drawn in the terminal."""

    words: list[str]
    takes_screen: bool


def command(file: Path, line: int, variables: Mapping[str, str]) -> Command | None:
    """Return what opens a file in the editor that the variables name; None if they name none.

    Windows always has one, with a window of its own.
    """
    named = next((name for v in _VARIABLES if (name := variables.get(v, "").strip())), "")
    if not named and variables.get("TERM_PROGRAM") == "vscode":
        named = _of_this_vscode(variables)
    if not named and sys.platform == "win32":
        named = "notepad"
    if not named:
        return None
    words = _split(named)
    program = Path(words[0].replace("\\", "/")).name.lower()
    for ending in (".exe", ".cmd", ".bat"):
        program = program.removesuffix(ending)
    takes_screen = program in _IN_TERMINAL
    if program in {"emacs", "emacsclient"}:
        has_screen = bool(variables.get("DISPLAY") or variables.get("WAYLAND_DISPLAY"))
        takes_screen = not has_screen or not _NO_WINDOW.isdisjoint(words)
    return Command([*words, *_arguments(program, str(file), line)], takes_screen)


def _of_this_vscode(variables: Mapping[str, str]) -> str:
    """Return the command of the VS Code whose terminal this is, be it on the PATH or not.

    It lies in a folder `bin` above the file that this VS Code names to git.
    """
    inside = variables.get("VSCODE_GIT_ASKPASS_MAIN", "")
    folders = [*Path(inside).parents][:_DEEPEST] if inside else []
    for folder in folders:
        for path in (str(folder / "bin/remote-cli"), str(folder / "bin")):
            if found := _first_in(path):
                return found
    return Path(_first_in(variables.get("PATH", "")) or "code").name


def _first_in(path: str) -> str | None:
    found = (shutil.which(name, path=path) for name in _OF_VSCODE)
    return next(filter(None, found), None)


def _split(named: str) -> list[str]:
    """Return the program and its arguments; a path with spaces may stand without quotes."""
    if shutil.which(named):
        return [named]
    try:
        words = shlex.split(named, posix=sys.platform != "win32")
    except ValueError:
        return [named]
    return [word.strip('"') for word in words] if sys.platform == "win32" else words or [named]


def _arguments(program: str, file: str, line: int) -> list[str]:
    if program in _WITH_LINE:
        return ["--line", str(line), file]
    if program in _WITH_GOTO:
        return ["-g", f"{file}:{line}"]
    if program == "notepad++":
        return [f"-n{line}", file]
    if program in _WITH_COLON:
        return [f"{file}:{line}"]
    return [f"+{line}", file] if program in _WITH_PLUS else [file]


def run(wanted: Command, tell: Callable[[str], None] = lambda _: None) -> str:
    """Run an editor: to its end if it has the screen, and else beside; say what went wrong.

    Args:
        wanted: what runs it.
        tell: is called if an editor beside ends later, and not well.
    """
    name = wanted.words[0]
    program = shutil.which(name)
    if program is None:
        return f"no program is called {name}: set KATA_EDITOR to your editor"
    words = [program, *wanted.words[1:]]
    try:
        if wanted.takes_screen:
            return _how_it_ended(name, subprocess.run(words, check=False).returncode)
        nothing = subprocess.DEVNULL
        process = subprocess.Popen(
            words, stdin=nothing, stdout=nothing, stderr=nothing, start_new_session=True
        )
    except OSError as error:
        return f"{name} cannot be started: {error.strerror or error}"
    threading.Thread(target=_await, args=(process, name, tell), daemon=True).start()
    return f"opened in {Path(program).stem}"


def _how_it_ended(name: str, code: int) -> str:
    return f"{Path(name).stem} ended with exit code {code}" if code else ""


def _await(process: subprocess.Popen[bytes], name: str, tell: Callable[[str], None]) -> None:
    if sentence := _how_it_ended(name, process.wait()):
        tell(sentence)
