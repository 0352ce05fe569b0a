"""The key b opens the task at hand in the book: the one that was built, or the one on the web."""

import importlib.metadata
import sys
import time
from email.message import Message

import pytest
import toy_course
from test_watch_update import Player

from gradkata import course
from gradkata.watch import book
from gradkata.watch import effects as do

# Stands for a browser: writes what it was given to a file.
WRITES = "import sys, pathlib; pathlib.Path(sys.argv[1]).write_text(sys.argv[2])"


@pytest.fixture
def root(tmp_path, monkeypatch):
    root = toy_course.build(tmp_path / "toy")
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def slopes(root):
    return course.Exercise(root, "01_slopes")


@pytest.fixture
def page(root):
    page = root / "site" / "01" / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text("<h1>Slopes</h1>")
    return page


@pytest.fixture
def nothing_on_the_web(monkeypatch):
    monkeypatch.setattr(importlib.metadata, "metadata", lambda name: Message())


def test_b_is_about_the_task_at_hand(root, slopes):
    player = Player(root, slopes)
    player.judged(double="done", halve="wrong")

    player.press("b")

    assert player.last(do.ShowBook) == do.ShowBook(slopes, "halve")


def test_a_lesson_and_the_list_of_keys_name_it(root, slopes):
    slopes.lesson.write_text("# Slopes\n")
    player = Player(root, slopes)

    assert "b  opens the task in the book, in a browser" in player.press("?")
    assert "b in the book" in player.press("e")


def test_a_book_that_was_built_is_opened_at_the_task(slopes, page, tmp_path):
    told, browser = tmp_path / "told", tmp_path / "browser.py"
    browser.write_text(WRITES)

    said = book.show(slopes, "halve", {"BROWSER": f"{sys.executable} {browser} {told}"})

    until = time.monotonic() + 60
    while not (told.exists() and told.read_text()) and time.monotonic() < until:
        time.sleep(0.05)
    assert said == "opened halve in the book"
    assert told.read_text() == f"{page.as_uri()}#halve"


@pytest.mark.usefixtures("page")
def test_a_browser_that_is_on_another_machine_than_the_book_is_told_how_to_get_it(slopes):
    variables = {"BROWSER": sys.executable, "VSCODE_IPC_HOOK_CLI": "/run/vscode.sock"}

    assert book.show(slopes, "halve", variables) == (
        "your browser is elsewhere: python -m http.server -b localhost -d site, "
        "and there /01/#halve"
    )


def test_without_a_built_book_it_is_the_one_on_the_web(slopes, monkeypatch):
    told = Message()
    told["Project-URL"] = "Source, https://example.org"
    told["Project-URL"] = "Book, https://example.org/book/"
    monkeypatch.setattr(importlib.metadata, "metadata", lambda name: told)

    assert book.address(slopes, "halve") == "https://example.org/book/01/#halve"
    assert book.address(slopes, "") == "https://example.org/book/01/"


def test_without_any_book_it_is_said_how_to_build_it(slopes, nothing_on_the_web):
    assert book.show(slopes, "halve", {}) == (
        "the book is not built here: in a clone, python -m nox -s book builds it"
    )


@pytest.mark.parametrize(
    ("system", "variables", "installed", "words"),
    [
        ("linux", {"DISPLAY": ":0"}, {"xdg-open"}, ["xdg-open"]),
        ("linux", {"WAYLAND_DISPLAY": "w"}, {"xdg-open"}, ["xdg-open"]),
        ("linux", {}, {"xdg-open"}, None),
        ("linux", {}, {"wslview"}, ["wslview"]),
        ("linux", {"BROWSER": "/a/browser.sh"}, set(), ["/a/browser.sh"]),
        ("linux", {"BROWSER": "w3m", "DISPLAY": ":0"}, {"xdg-open"}, ["xdg-open"]),
        ("darwin", {}, set(), ["open"]),
        ("win32", {}, set(), []),
    ],
)
def test_each_system_has_its_own_way_and_no_browser_takes_the_terminal(
    system, variables, installed, words, monkeypatch
):
    monkeypatch.setattr(book.sys, "platform", system)
    monkeypatch.setattr(book.shutil, "which", lambda name: name if name in installed else None)

    assert book.command(variables) == words


def test_where_no_browser_is_known_the_address_is_shown(slopes, page, monkeypatch):
    monkeypatch.setattr(book, "command", lambda variables: None)

    assert book.show(slopes, "", {}) == f"no browser is known here; open {page.as_uri()}"


@pytest.mark.skipif(sys.platform == "win32", reason="its words are of another system")
def test_a_browser_that_cannot_be_started_is_a_sentence(slopes, page):
    said = book.show(slopes, "halve", {"BROWSER": "/no/such/browser"})

    assert said.startswith("the browser cannot be started: No such file or directory; open file:")
