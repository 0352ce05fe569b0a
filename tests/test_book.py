"""The book: every task has an address, no link leads nowhere, and a browser finds no fault.

What asks for a built book is skipped where Sphinx is not installed; `nox -s book` runs all of it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin

import pytest
from chromium import NAMES, PROGRAM, chromium

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))

from book.pages import Pages  # noqa: E402
from book.tasks import in_markdown, stub_and_docstring  # noqa: E402

from gradkata.course import exercises  # noqa: E402

COURSE = exercises(ROOT)
TASKS = [(exercise, task) for exercise in COURSE for task in exercise.tasks]
MISSING = [name for name in ("sphinx", "myst_parser", "furo", "mermaidx") if not find_spec(name)]

needs_sphinx = pytest.mark.skipif(bool(MISSING), reason=f"nox -s book has {', '.join(MISSING)}")
needs_browser = pytest.mark.skipif(
    not PROGRAM or sys.platform == "win32", reason=f"none of {', '.join(NAMES)} is here"
)
pytestmark = pytest.mark.timeout(300)


class Html(HTMLParser):
    """The addresses in a page, what it links to, its pictures and its text."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.images: list[dict[str, str | None]] = []
        self.figures: list[dict[str, str | None]] = []
        self.feed(file.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        of = dict(attrs)
        self.ids.add(of.get("id"))
        self.links += [of[name] for name in ("href", "src") if of.get(name)]
        if tag == "img":
            self.images.append(of)
        if tag == "figure":
            self.figures.append(of)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The built book; the session `book` has just built it."""
    if built := os.environ.get("GRADKATA_SITE"):
        return Path(built)
    paths = os.pathsep.join([str(ROOT / "src"), str(ROOT / "tools")])
    command = [sys.executable, "-m", "book"]
    subprocess.run(command, env=os.environ | {"PYTHONPATH": paths}, check=True)
    return ROOT / "site"


@pytest.fixture(scope="module")
def pages(site):
    """Each page of the book, by its address within it."""
    files = sorted(site.rglob("*.html"))
    return {file.relative_to(site).as_posix(): Html(file) for file in files}


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    with chromium(tmp_path_factory.mktemp("profile")) as it:
        yield it


# What stands beyond the right edge, but in what scrolls by itself: code, a table, a drawing.
TOO_WIDE = """
[...document.querySelectorAll('body *')].filter((e) =>
  e.getBoundingClientRect().right > innerWidth + 1 && e.checkVisibility()
  && !e.closest('pre, .table-wrapper, .diagram, .sidebar-drawer, .toc-drawer')
).map((e) => e.outerHTML.slice(0, 80)).slice(0, 3)
"""


@pytest.fixture(scope="module")
def visits(site, pages, browser):
    """What each page complained of and asked for on a narrow screen, and what was too wide."""
    found = {}
    for page in pages:
        browser.open((site / page).as_uri(), width=360)
        assert browser.run("innerWidth") == 360
        found[page] = (browser.complaints, browser.requests, browser.run(TOO_WIDE))
    return found


@pytest.fixture
def texts(tmp_path):
    return dict(Pages(ROOT, tmp_path).all())


def test_every_lesson_and_every_doc_is_a_page(texts):
    lessons = {f"{exercise.number}/index" for exercise in COURSE}
    docs = {f"docs/{file.stem}" for file in (ROOT / "docs").glob("*.md")}

    assert lessons | docs | {"index", "contributing", "changelog", "security"} <= set(texts)


def test_a_proof_that_a_lesson_hides_stays_hidden(texts):
    assert "<!-- Proof" in COURSE[2].lesson.read_text(encoding="utf-8")
    assert [name for name, text in texts.items() if "Proof, by" in text] == []


def test_a_page_about_an_exercise_does_not_show_our_solution(texts):
    line = "ctx.save_for_backward(s)\n"

    assert line in texts["03/solutions"]
    assert line not in texts["03/index"]


def test_a_docstring_has_its_sections_as_titles_and_lists():
    docstring = """Return x² of `x`, as [i] says.

It is this:

    x ← x · x

Args:
    x, y: of any
        shape.
    *more: none.

Returns:
    A tensor of
    the shape of x."""

    assert list(in_markdown(docstring)) == [
        "Return x² of `x`, as \\[i\\] says.",
        "It is this:",
        "```text\nx ← x · x\n```",
        "**Args**",
        "- `x, y`: of any shape.\n- `*more`: none.",
        "**Returns**",
        "A tensor of the shape of x.",
    ]


def test_a_stub_is_shown_without_its_docstring():
    source = '@cache\ndef f(x):\n    """Return it."""\n\n    raise NotImplementedError\n\n\nY = 1\n'

    assert stub_and_docstring(source, "f") == (
        "@cache\ndef f(x):\n    raise NotImplementedError",
        "Return it.",
    )


@needs_sphinx
def test_each_task_has_an_address_of_its_own(pages):
    lost = [
        f"{exercise.number}/{page}.html#{task}"
        for exercise, task in TASKS
        for page in ("index", "solutions")
        if task not in pages[f"{exercise.number}/{page}.html"].ids
    ]

    assert lost == []


@needs_sphinx
def test_lessons_and_tasks_are_linked_where_they_are_named(pages):
    lesson = pages["06/index.html"].links

    assert "#total_norm" in lesson
    # It says "as in exercise 03", and builds on 02 and 03.
    assert lesson.count("../03/index.html") > pages["07/index.html"].links.count("../03/index.html")
    assert "../02/index.html" in lesson
    assert "solutions.html#total_norm" in lesson


@needs_sphinx
def test_no_link_within_the_book_leads_nowhere(site, pages):
    lost = []
    for page, html in pages.items():
        for link in html.links:
            target, anchor = urldefrag(unquote(urljoin(page, link)))
            if ":" in target:
                continue
            target = target.partition("?")[0]
            if not (site / target).is_file() or (
                anchor and target in pages and anchor not in pages[target].ids
            ):
                lost.append((page, link))

    assert lost == []


@needs_sphinx
def test_every_picture_and_diagram_says_what_it_shows(pages):
    images = [(page, i["src"]) for page, h in pages.items() for i in h.images if not i.get("alt")]
    figures = [page for page, h in pages.items() for f in h.figures if not f.get("aria-label")]

    assert (images, figures) == ([], [])
    assert sum(len(html.images) for html in pages.values()) >= 7
    assert sum(len(html.figures) for html in pages.values()) >= 12


@needs_sphinx
@needs_browser
def test_no_page_complains(visits):
    assert {page: said for page, (said, _, _) in visits.items() if said} == {}


@needs_sphinx
@needs_browser
def test_no_page_asks_for_anything_that_is_not_beside_it(site, visits):
    asked = {url for _, requests, _ in visits.values() for url in requests}
    inside = (site.resolve().as_uri() + "/", "data:")

    assert [url for url in asked if not url.startswith(inside)] == []


@needs_sphinx
@needs_browser
def test_no_page_is_wider_than_a_narrow_screen(visits):
    assert {page: wide for page, (_, _, wide) in visits.items() if wide} == {}


@needs_sphinx
@needs_browser
def test_a_search_in_a_book_opened_from_a_file_finds_a_task_and_no_solution(site, browser):
    browser.open((site / "search.html").as_uri() + "?q=Sigmoid")
    links = "[...document.querySelectorAll('ul.search a')].map(a => a.getAttribute('href'))"

    # The results appear one after another.
    until = time.monotonic() + 60
    while "Search finished" not in browser.run("document.body.innerText"):
        assert time.monotonic() < until
    found = browser.run(links)

    assert any(link.startswith("03/index.html") and "#Sigmoid" in link for link in found), found
    assert [link for link in found if "solutions" in link] == []


@needs_sphinx
@needs_browser
def test_the_first_page_leads_to_the_first_stub_and_its_file(site, browser):
    browser.open((site / "index.html").as_uri())
    first = COURSE[0]

    to = browser.run("document.querySelectorAll('.first-steps a')[2].href")
    browser.open(to)

    assert to.endswith(f"/{first.number}/index.html#{first.tasks[0]}")
    shown = browser.run(f"document.getElementById('{first.tasks[0]}').innerText")
    assert f"exercises/{first.name}/{first.topic}.py" in shown
    assert f"def {first.tasks[0]}(" in shown
    assert "raise NotImplementedError" in shown


@needs_sphinx
@needs_browser
def test_hints_and_solutions_are_seen_only_after_a_click(site, browser):
    (hint, *_), ours = COURSE[2].hints("Square"), "ctx.save_for_backward(x)"
    seen = []

    for page, words in (("03/index.html", hint[:40]), ("03/solutions.html", ours)):
        browser.open((site / page).as_uri() + "#Square")
        text = "document.getElementById('Square').innerText"
        seen.append(words in browser.run(text))
        browser.run("document.querySelector('#Square details summary').click()")
        seen.append(words in browser.run(text))

    assert seen == [False, True, False, True]
