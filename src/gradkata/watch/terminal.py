"""A terminal that is read key by key and drawn screen by screen, and left as it was found."""

from __future__ import annotations

import _thread
import contextlib
import os
import re
import signal
import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

from gradkata.display import as_encoded

# What terminals send for keys that are no characters.
_SEQUENCES = {
    "\x1b[A": "up",
    "\x1bOA": "up",
    "\x1b[B": "down",
    "\x1bOB": "down",
    "\x1b[5~": "page up",
    "\x1b[6~": "page down",
    "\x1b": "escape",
    "\r": "enter",
    "\n": "enter",
    "\t": "tab",
    "\x7f": "backspace",
    "\x08": "backspace",
}
# The sequence of a key begins with escape, or else a character is a key.
_ONE_KEY = re.compile("\x1b\\[[0-?]*[ -/]*[@-~]|\x1bO.|.", re.DOTALL)
_HIDE_CURSOR = "\x1b[?25l"
_ENTER, _LEAVE = f"\x1b[?1049h{_HIDE_CURSOR}", "\x1b[?25h\x1b[?1049l"
_WINDOWS_KEYS = {"H": "up", "P": "down", "I": "page up", "Q": "page down"}
_CTRL_C = "\x03"
# ENABLE_VIRTUAL_TERMINAL_PROCESSING, without which an older console of Windows shows sequences.
_UNDERSTANDS_SEQUENCES = 4


def is_terminal() -> bool:
    """Tell whether there is a terminal to read keys from and to draw on."""
    # The terminals of Windows have no name. Elsewhere one without a name may know nothing.
    named = sys.platform == "win32" or os.environ.get("TERM", "") not in {"", "dumb", "unknown"}
    ends = (sys.stdin, sys.stdout)
    return named and all(end is not None and end.isatty() for end in ends) and _has_size()


def _has_size() -> bool:
    """Tell whether stdout is no device like Windows' NUL, which calls itself a terminal."""
    try:
        os.get_terminal_size(sys.stdout.fileno())
    except (OSError, ValueError):
        return False
    return True


def keys_in(text: str) -> list[str]:
    """Return the keys that a terminal has sent, by name or by character.

    A key that sends more than one character and has no name here is left out.
    """
    sent = [found[0] for found in _ONE_KEY.finditer(text)]
    return [_SEQUENCES.get(key, key) for key in sent if len(key) == 1 or key in _SEQUENCES]


def read_keys() -> list[str] | None:
    """Wait for keys, and return those that have a name here; an end of input gives `None`."""
    if sys.platform == "win32":
        key = _read_windows_key()
        return [key] if key else []
    read = os.read(sys.stdin.fileno(), 1024)
    return keys_in(read.decode(errors="replace")) if read else None


def _read_windows_key() -> str:
    """Return a key by its name or character; one that has neither, or Ctrl-C, is empty."""
    if sys.platform != "win32":
        raise NotImplementedError
    import msvcrt

    key = msvcrt.getwch()
    if key in {"\x00", "\xe0"}:
        return _WINDOWS_KEYS.get(msvcrt.getwch(), "")
    if key == _CTRL_C:
        # While a key is read the console sends no signal.
        _thread.interrupt_main()
        return ""
    return _SEQUENCES.get(key, key)


def draw(lines: list[str]) -> None:
    """Replace what is on the screen, in one write so that nothing flickers.

    The cursor is hidden each time: a terminal that an editor restores in a new window shows it.
    """
    text = f"{_HIDE_CURSOR}\x1b[H" + "".join(f"{line}\x1b[K\r\n" for line in lines[:-1])
    encoding = sys.stdout.encoding
    text = as_encoded(f"{text}{lines[-1]}\x1b[K\x1b[J", encoding)
    # Not past the stream, for a console of Windows takes text, and bytes in an encoding of its own.
    sys.stdout.write(text.encode(encoding, "replace").decode(encoding))
    sys.stdout.flush()


def print_lines(lines: list[str]) -> None:
    """Write lines below those that are there."""
    encoding = sys.stdout.encoding
    text = as_encoded("".join(f"{line}\n" for line in lines), encoding)
    sys.stdout.write(text.encode(encoding, "replace").decode(encoding))
    sys.stdout.flush()


@contextlib.contextmanager
def screen(on_change: Callable[[], None]) -> Iterator[None]:
    """Take the terminal over, and leave it as it was, however the block ends.

    A hang-up or a request to terminate ends the block like Ctrl-C; Ctrl-Z suspends.

    Args:
        on_change: is called when the screen must be drawn anew: it has another size, or the
            program was suspended.
    """
    with contextlib.ExitStack() as undo:
        _handle_signals(undo, on_change)
        undo.callback(_give_back)
        _take_over()
        yield


def _handle_signals(undo: contextlib.ExitStack, on_change: Callable[[], None]) -> None:
    def end(number: int, _: FrameType | None) -> None:
        raise SystemExit(128 + number)

    def suspend(_: int, __: FrameType | None) -> None:
        # Not while an editor has the terminal: it gives the terminal back by itself.
        was_ours = bool(_was)
        if was_ours:
            _give_back()
        if sys.platform != "win32":
            os.kill(os.getpid(), signal.SIGSTOP)
        if was_ours:
            _take_over()
            on_change()

    handlers: dict[str, Any] = {
        "SIGTERM": end,
        "SIGHUP": end,
        "SIGQUIT": end,
        "SIGTSTP": suspend,
        "SIGWINCH": lambda *_: on_change(),
    }
    for name, handler in handlers.items():
        if hasattr(signal, name):  # Windows has but the first
            number = getattr(signal, name)
            undo.callback(signal.signal, number, signal.signal(number, handler))


_was: list[Any] = []


def _take_over() -> None:
    if sys.platform == "win32":
        _was[:] = [_console_mode()]
        _set_console_mode(_was[0] | _UNDERSTANDS_SEQUENCES)
    sys.stdout.write(_ENTER)
    sys.stdout.flush()
    if sys.platform != "win32":
        import termios
        import tty

        _was[:] = [termios.tcgetattr(sys.stdin)]
        # What is typed ahead is kept.
        tty.setcbreak(sys.stdin, termios.TCSANOW)
        # Ctrl-C is a key, for a signal would reach the processes that judge as well.
        attributes = termios.tcgetattr(sys.stdin)
        attributes[6][termios.VINTR] = bytes([os.fpathconf(sys.stdin.fileno(), "PC_VDISABLE")])
        termios.tcsetattr(sys.stdin, termios.TCSANOW, attributes)


def _give_back() -> None:
    # A second Ctrl-C must not leave it half done.
    heeded = signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(OSError, ValueError):
        sys.stdout.write(_LEAVE)
        sys.stdout.flush()
    if sys.platform == "win32":
        if _was:
            _set_console_mode(_was.pop())
    elif _was:
        import termios

        with contextlib.suppress(termios.error, ValueError):
            termios.tcsetattr(sys.stdin, termios.TCSADRAIN, _was.pop())
    signal.signal(signal.SIGINT, heeded)


_USUAL: list[Any] = []


def lend() -> None:
    """Give the terminal to another program; a Ctrl-C there is that one's alone."""
    _give_back()
    # Not ignored, for the other program would inherit that.
    _USUAL[:] = [signal.signal(signal.SIGINT, lambda *_: None)]


def take_again() -> None:
    """Take the terminal over once more."""
    if _USUAL:
        signal.signal(signal.SIGINT, _USUAL.pop())
    _take_over()


def ring() -> None:
    """Ring the bell of a terminal."""
    if sys.stdout.isatty():
        sys.stdout.write("\a")
        sys.stdout.flush()


def _console_mode() -> int:
    """Return what the console of Windows that is written to is set to."""
    if sys.platform != "win32":
        raise NotImplementedError
    import ctypes
    import msvcrt

    mode = ctypes.c_ulong()
    handle = ctypes.c_void_p(msvcrt.get_osfhandle(sys.stdout.fileno()))
    ctypes.windll.kernel32.GetConsoleMode(handle, ctypes.byref(mode))
    return mode.value


def _set_console_mode(mode: int) -> None:
    if sys.platform != "win32":
        raise NotImplementedError
    import ctypes
    import msvcrt

    handle = ctypes.c_void_p(msvcrt.get_osfhandle(sys.stdout.fileno()))
    ctypes.windll.kernel32.SetConsoleMode(handle, ctypes.c_ulong(mode))
