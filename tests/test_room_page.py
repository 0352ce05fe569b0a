"""The room's pages in a real browser: they fill, hide names, survive, and show text as text."""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
import time

import pytest
import room_server
import toy_course

pytest.importorskip("fastapi")
sync_api = pytest.importorskip("playwright.sync_api", reason="what drives a browser is not here")

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
BROWSER = next(filter(None, map(shutil.which, BROWSERS)), "")
pytestmark = [
    pytest.mark.skipif(not BROWSER, reason=f"none of {', '.join(BROWSERS)} is here"),
    # Python warns of a fork in a process with threads, which the browser's driver has.
    pytest.mark.filterwarnings("ignore:.*forkpty.*:DeprecationWarning"),
]

PROJECTOR = {"width": 1280, "height": 720}
MARKUP = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def browser():
    with sync_api.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def root(tmp_path):
    return toy_course.build(tmp_path / "toy")


@pytest.fixture
def room(root):
    started = room_server.Inside(root, "Tuesday <b>")
    yield started
    started.kill()


@pytest.fixture
def open_page(browser, room):
    """Open a page, and fail if it says or asks what it should not."""
    faults, contexts = [], []

    def start(path="/t/{}", scheme="light"):
        context = browser.new_context(viewport=PROJECTOR, color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("dialog", lambda dialog: (faults.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda r: r.url.startswith(room.base) or faults.append(r.url))
        page.goto(room.base + path.format(room.teacher))
        return page

    yield start
    for context in contexts:
        context.close()
    assert faults == []


def cells(page, name):
    """Return the signs in a learner's row, once it is there."""
    row = page.locator("#map tbody tr", has_text=name)
    row.wait_for()
    return row.locator("td").all_inner_texts()


def show(page, script, shows, seconds=15.0):
    """Wait until a script gives what is due, and return how long that took."""
    begun = time.monotonic()
    while (found := page.evaluate(script)) != shows:
        assert time.monotonic() - begun < seconds, found
        page.wait_for_timeout(20)
    return time.monotonic() - begun


def kata(root, *arguments):
    command = [sys.executable, "-c", toy_course.RUN, *arguments]
    environment = toy_course.child_environment() | {"OMP_NUM_THREADS": "1"}
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True)


def names_seen(page, name):
    """Tell whether a name is anywhere on the page, also where only the mouse finds it."""
    return page.evaluate(
        "name => document.body.innerText.includes(name) || document.title.includes(name) || "
        "[...document.querySelectorAll('[title], [aria-label]')].some(e => "
        "(e.title + e.ariaLabel).includes(name))",
        name,
    )


# Learners work


@pytest.mark.skipif(os.name != "posix", reason="no terminal to type in")
def test_the_page_fills_as_three_learners_work_and_one_wants_help(open_page, room, tmp_path):
    import pexpect

    page = open_page()
    page.locator("#empty").wait_for()
    for name in ("Ada", "Grace", "Emmy"):
        own = toy_course.build(tmp_path / name)
        assert kata(own, "join", room.address, "--as", name).returncode == 0
    (tmp_path / "Ada/exercises/01_slopes/slopes.py").write_text(toy_course.SLOPES)
    wrong = toy_course.SLOPES.replace("x / 2", "x / 3")
    (tmp_path / "Grace/exercises/01_slopes/slopes.py").write_text(wrong)
    kata(tmp_path / "Ada", "check", "01")
    kata(tmp_path / "Grace", "check", "01")
    child = pexpect.spawn(
        sys.executable,
        ["-c", toy_course.RUN, "--plain"],
        cwd=tmp_path / "Emmy",
        env=toy_course.child_environment() | {"OMP_NUM_THREADS": "1", "TERM": "xterm"},
        encoding="utf-8",
        timeout=60,
    )
    try:
        child.expect("0 of 2 tasks done")
        page.locator("#map tbody tr", has_text="Emmy").locator("td.t").first.wait_for()
        child.sendline("w")
        child.expect("your hand is up")
        page.locator("#hands", has_text="Emmy").wait_for()
    finally:
        toy_course.end(child)

    found = {name: cells(page, name)[:2] for name in ("Ada", "Grace", "Emmy")}
    assert found == {"Ada": ["✓", "✓"], "Grace": ["✓", "✗"], "Emmy": ["·", "·"]}
    assert page.locator("#whole").inner_text() == "1"
    assert page.locator("#hardest").inner_text() == "halve: wrong for 1, done by 1"


def test_a_report_is_on_the_page_within_a_second(open_page, room):
    secret = room.join("Ada")
    page = open_page()
    cells(page, "Ada")
    times = []

    for state, sign in (("to do", "·"), ("wrong", "✗"), ("done", "✓")) * 3:
        room.report(secret, {"double": state})
        times.append(show(page, "document.querySelector('#map td').textContent", sign))

    # A busy machine may be late at times, but not each time.
    assert min(times) < 1


def test_a_hand_is_shown_until_whoever_teaches_lowers_it(open_page, room):
    secret = room.join("Ada")
    page = open_page()
    room.ask("/api/hand", {"raised": True}, secret=secret)

    page.locator("#hands .lower").click()

    show(page, "document.querySelectorAll('#hands li').length", 0)
    assert room.report(secret, {"double": "done"}).content["hand"] is False


def test_who_is_on_one_task_for_more_than_ten_minutes_is_named(open_page, room):
    now = time.time()
    for name, minutes in (("Ada", 11), ("Grace", 9)):
        room.report(room.join(name), {"double": "wrong"}, at=now - 60 * minutes, now=now)

    page = open_page()

    page.locator("#long li").wait_for()
    assert page.locator("#long").inner_text().split() == ["Ada", "11", "min,", "double"]


def test_the_three_most_frequent_mistakes_are_shown_in_their_own_words(open_page, room):
    said = ["Every element of yours is 0."] * 2 + ["The values are right, only the shape is not."]
    for number, mistake in enumerate(said):
        room.report(room.join(f"n{number}"), {"double": "wrong"}, mistake=mistake)

    page = open_page()

    page.locator("#mistakes li").nth(1).wait_for()
    assert page.locator("#mistakes li").all_inner_texts() == [
        "2 × double Every element of yours is 0.",
        "1 × double The values are right, only the shape is not.",
    ]


# Names


def test_a_key_hides_every_name_and_a_reload_does_not_bring_them_back(open_page, room):
    secret = room.join("Ada Lovelace")
    room.report(secret, {"double": "wrong"}, at=time.time() - 900)
    room.ask("/api/hand", {"raised": True}, secret=secret)
    page = open_page()
    page.locator("#map button", has_text="Ada Lovelace").click()
    page.locator("#panel h2", has_text="Ada Lovelace").wait_for()
    seen = [names_seen(page, "Lovelace")]

    page.keyboard.press("n")
    seen.append(names_seen(page, "Lovelace"))
    page.reload()
    page.locator("#map tbody tr").wait_for()
    seen.append(names_seen(page, "Lovelace"))
    page.keyboard.press("n")
    seen.append(names_seen(page, "Lovelace"))

    assert seen == [True, False, False, True]


def test_markup_in_a_name_is_text_everywhere(open_page, room):
    secret = room.join(MARKUP)
    room.report(secret, {"double": "wrong"}, at=time.time() - 900)
    room.ask("/api/hand", {"raised": True}, secret=secret)
    page = open_page()

    page.locator("#map button", has_text=MARKUP).click()

    page.locator("#panel h2", has_text=MARKUP).wait_for()
    assert page.locator("#hands button", has_text=MARKUP).count() == 1
    assert page.locator("#long button", has_text=MARKUP).count() == 1
    assert page.locator("h1").inner_text() == "Tuesday <b>"
    assert page.evaluate("document.querySelectorAll('script:not([src])').length") == 1


# Clicks


def test_a_click_on_a_task_shows_its_spread_its_mistakes_and_who_is_wrong(open_page, room):
    room.report(room.join("Ada"), {"double": "wrong"}, mistake="Every element of yours is 0.")
    room.report(room.join("Grace"), {"double": "done"})
    page = open_page()

    page.locator("#map thead button", has_text="double").click()

    page.locator("#panel h2", has_text="double").wait_for()
    text = page.locator("#panel").inner_text()
    assert "1 done" in text
    assert "1 wrong" in text
    assert "1 × Every element of yours is 0." in text
    assert page.locator("#panel .people").inner_text().startswith("Ada")


def test_a_click_on_a_learner_shows_their_row_over_time(open_page, room):
    secret = room.join("Ada")
    for state in ("to do", "wrong", "done"):
        room.report(secret, {"double": state})
    page = open_page()

    page.locator("#map tbody button", has_text="Ada").click()

    page.locator("#panel .story tr").nth(2).wait_for()
    signs = page.locator("#panel .story td:nth-child(2)").all_inner_texts()
    assert signs == ["✓", "✗", "·"]
    assert page.locator("#panel figcaption").inner_text().startswith("tasks done: 1, ")


def test_a_click_on_an_exercise_shows_its_tasks(open_page, room):
    secret = room.join("Ada")
    room.report(secret, {"double": "done"})
    room.report(secret, {"Square": "wrong"}, exercise="02_shapes")
    page = open_page()
    cells(page, "Ada")

    page.locator("#map thead button", has_text="01").click()
    chosen = cells(page, "Ada")
    page.locator("#follows button").click()

    assert chosen[:2] == ["✓", ""]
    assert cells(page, "Ada") == ["1", "✗", ""]


# A lost room


def test_a_lost_room_is_said_and_when_it_is_back_the_page_goes_on(open_page, room, root):
    secret = room.join("Ada")
    room.report(secret, {"double": "wrong"})
    page = open_page()
    cells(page, "Ada")

    room.kill()
    page.locator("#banner", has_text="the room has not answered since").wait_for()
    again = room_server.Server(root, port=room.port)
    try:
        again.report(secret, {"double": "done"})
        show(page, "document.querySelector('#map td').textContent", "✓", seconds=30)
        hidden = page.locator("#banner").is_hidden()
    finally:
        again.kill()

    assert hidden


def test_a_record_that_takes_nothing_is_a_banner_until_it_does(open_page, room, root):
    secret = room.join("Ada")
    page = open_page()
    other = sqlite3.connect(root / ".gradkata" / "room.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    room.report(secret, {"double": "done"})
    page.locator("#banner", has_text="nothing is stored: database is locked").wait_for()
    other.execute("ROLLBACK")
    other.close()
    room.report(secret, {"double": "done"})

    show(page, "document.getElementById('banner').hidden", True)


# How it looks

CONTRAST = """() => {
  const light = (text) => {
    const parts = text.match(/[\\d.]+/g).slice(0, 3).map((p) => p / 255);
    const [r, g, b] = parts.map((p) => p <= 0.04045 ? p / 12.92 : ((p + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
  };
  return Math.min(...[...document.querySelectorAll('td.d, td.w, td.t, td.p, .legend')].map((e) => {
    const style = getComputedStyle(e);
    const back = e.tagName === 'TD' ? style : getComputedStyle(document.body);
    const [a, b] = [light(style.color), light(back.backgroundColor)];
    return Math.max(a, b) / Math.min(a, b);
  }));
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_each_state_has_a_sign_and_a_colour_that_can_be_read(scheme, open_page, room):
    room.report(room.join("Ada"), {"double": "done", "halve": "wrong"})
    room.report(room.join("Grace"), {"double": "to do", "halve": "part"})
    page = open_page(scheme=scheme)

    assert cells(page, "Ada")[:2] + cells(page, "Grace")[:2] == ["✓", "✗", "·", "◐"]
    assert page.evaluate(CONTRAST) >= 4.5


@pytest.mark.parametrize("path", ["/t/{}", "wall"])
def test_no_page_is_wider_than_a_projector(path, open_page, room):
    room.report(room.join("W" * 40), {"double": "done"})
    page = open_page(f"/{room.code}" if path == "wall" else path)
    show(page, "document.getElementById('learners').textContent", "1")

    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")


def test_forty_learners_are_printed_on_one_page(open_page, room):
    for number in range(40):
        room.report(room.join(f"learner {number}"), {"double": "done"})
    page = open_page()
    show(page, "document.querySelectorAll('#map tbody tr').length", 40)

    printed = page.pdf(prefer_css_page_size=True)

    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1


# The wall


def test_the_wall_shows_how_far_the_room_is_and_nobody(open_page, room):
    secret = room.join("Ada Lovelace")
    page = open_page(f"/{room.code}/wall")

    room.report(secret, {"double": "done", "halve": "wrong"})
    show(page, "document.getElementById('done').textContent", "1")

    text = page.locator("main").inner_text()
    assert "double\n100 %\nhalve\n0 %" in re.sub(r"\n+", "\n", text)
    assert not names_seen(page, "Lovelace")
    assert page.locator("header code").inner_text() == f"kata join {room.address}"
