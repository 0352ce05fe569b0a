"""The terminal of Windows, as far as another system can stand in for it."""

import ctypes
import os
import signal
import sys
from types import SimpleNamespace

import pyte
import pytest

from gradkata.watch import terminal


@pytest.fixture
def windows(monkeypatch):
    """Windows' console: `keys` are typed, `mode` is what it is set to."""
    console = SimpleNamespace(keys=[], mode=3)

    def get_mode(_, mode):
        mode._obj.value = console.mode

    def set_mode(_, mode):
        console.mode = mode.value

    kernel = SimpleNamespace(GetConsoleMode=get_mode, SetConsoleMode=set_mode)
    msvcrt = SimpleNamespace(getwch=lambda: console.keys.pop(0), get_osfhandle=lambda end: end)
    monkeypatch.setitem(sys.modules, "msvcrt", msvcrt)
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(kernel32=kernel), raising=False)
    monkeypatch.setattr(sys, "platform", "win32")
    return console


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        ("n", ["n"]),
        ("\r", ["enter"]),
        ("\x1b", ["escape"]),
        (" ", [" "]),
        ("\xe0H", ["up"]),
        ("\x00P", ["down"]),
        ("\x00;", []),
    ],
    ids=["n", "enter", "escape", "space", "up", "down", "F1"],
)
def test_a_key_of_windows_has_its_name(typed, keys, windows):
    windows.keys = list(typed)

    assert terminal.read_keys() == keys


def test_ctrl_c_of_windows_interrupts_the_program(windows):
    windows.keys = ["\x03"]

    with pytest.raises(KeyboardInterrupt):
        terminal.read_keys()


def test_the_console_of_windows_understands_sequences_for_as_long_as_it_is_drawn_on(
    windows, capfd, monkeypatch
):
    monkeypatch.setattr(sys.stdout, "fileno", lambda: 1, raising=False)
    interrupt = signal.getsignal(signal.SIGINT)

    with terminal.screen(lambda: None):
        assert windows.mode == 3 | 4

    assert windows.mode == 3
    assert signal.getsignal(signal.SIGINT) is interrupt


@pytest.mark.parametrize(
    ("encoding", "drawn"), [("utf-8", "✓ ∂"), ("cp1252", "+ ?"), ("ascii", "+ ?")]
)
def test_what_the_encoding_lacks_is_replaced_in_as_many_columns(encoding, drawn, capsysbinary):
    sys.stdout.reconfigure(encoding=encoding, errors="backslashreplace")

    terminal.draw(["✓ ∂"])

    out = capsysbinary.readouterr().out.decode(encoding)
    assert out.endswith(f"\x1b[H{drawn}\x1b[K\x1b[J")


def test_a_cursor_that_a_restored_terminal_shows_is_hidden_at_the_next_drawing(capsys):
    screen = pyte.Screen(10, 2)
    stream = pyte.Stream(screen)
    stream.feed("\x1b[?25h")

    terminal.draw(["a", "b"])

    stream.feed(capsys.readouterr().out)
    assert screen.cursor.hidden


@pytest.mark.parametrize("name", ["", "dumb", "unknown"])
def test_a_terminal_without_a_name_is_none_to_draw_on(name, monkeypatch):
    for end in (sys.stdin, sys.stdout):
        monkeypatch.setattr(end, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(terminal, "_has_size", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    assert terminal.is_terminal()

    monkeypatch.setenv("TERM", name)

    assert not terminal.is_terminal()


def test_a_device_that_only_calls_itself_a_terminal_is_none(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    with open(os.devnull, "r+") as device:
        monkeypatch.setattr(device, "isatty", lambda: True)
        monkeypatch.setattr(sys, "stdin", device)
        monkeypatch.setattr(sys, "stdout", device)

        assert not terminal.is_terminal()
