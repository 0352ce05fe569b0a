"""The page for whoever teaches, in a real browser: it sorts, hides names, and asks for nothing."""

import random
import re
import shutil
import subprocess

import pytest
import toy_course

from gradkata import course
from gradkata.grading.report import page
from gradkata.grading.rows import Row, RowState
from gradkata.grading.similar import Alike

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
BROWSER = next(filter(None, map(shutil.which, BROWSERS)), "")
needs_browser = pytest.mark.skipif(not BROWSER, reason=f"none of {', '.join(BROWSERS)} is here")

SAID = {
    RowState.WRONG: "4 of 12 elements differ, by 0.5 at most",
    RowState.ERROR: "SyntaxError: invalid syntax",
    RowState.TIMEOUT: "it does not end: stopped after 20 s",
    RowState.TAMPERED: "what judges was changed: _pytest.runner.call_and_report",
    RowState.NOT_JUDGED: "there are 2 files that differ: learner 007/a.py and learner 007/b.py",
}
STATES = [RowState.DONE] * 12 + [RowState.WRONG] * 4 + [RowState.TO_DO] * 3 + list(RowState)
MISTAKES = ("the incoming gradient is left out", "the tangent is left out", "")


def rows_of(count, exercises):
    """Make up the rows of so many learners; the first has a name that is long and no plain text."""
    chance = random.Random(count)
    names = ["<i>Ánn</i> \u202eof a name that has no end in any of the columns of any of the pages"]
    names += [f"learner {number:03}" for number in range(1, count)]
    rows = []
    for name in names:
        luck = chance.random()
        for exercise in exercises:
            for task in exercise.tasks:
                done = chance.random() < luck
                state = RowState.DONE if done else chance.choice(STATES)
                mistake = chance.choice(MISTAKES) if state == RowState.WRONG else ""
                points = float(state == RowState.DONE)
                flags = ["learner 007/x.py is late"] if chance.random() < 0.01 else []
                row = Row(name, exercise.name, task, state, points, seconds=0.1, mistake=mistake)
                rows.append(Row(**{**vars(row), "sentence": SAID.get(state, ""), "flags": flags}))
    return rows


def html_of(count, exercises):
    rows = rows_of(count, exercises)
    names = list(dict.fromkeys(row.learner for row in rows))
    first = exercises[0]
    alike = [Alike(first.name, first.tasks[0], tuple(names[:n])) for n in (4, 2) if n < count]
    return page(rows, alike, title="gradkata: moodle-export.zip", sandbox=True)


@pytest.fixture(scope="module")
def exercises():
    return course.exercises(toy_course.ROOT)[:2]


@pytest.fixture
def after(tmp_path):
    """Run a script in a page, and return what it writes into the page's title."""

    def run(html, script):
        file = tmp_path / "report.html"
        told = f"<script>{{ {script} }}</script></body>"
        file.write_text(html.replace("</body>", told), encoding="utf-8")
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"]
        options += [
            f"--user-data-dir={tmp_path / 'profile'}",
            "--host-resolver-rules=MAP * ~NOTFOUND",
        ]
        command = [BROWSER, *options, file.as_uri()]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=100)
        return re.search("<title>(.*?)</title>", done.stdout, re.DOTALL)[1]

    return run


POINTS = "[...document.querySelectorAll('.map tbody tr')].map(r => +r.cells[1].textContent)"


@needs_browser
def test_a_click_on_a_title_sorts_by_it_and_another_the_other_way(after, exercises):
    script = f"""
    const head = document.querySelectorAll('.map th.sort')[1];
    const is = (order) => {POINTS}.every((p, i, all) => !i || order * (p - all[i - 1]) >= 0);
    const found = [];
    head.click(); found.push(is(1)); head.click(); found.push(is(-1));
    document.title = found.join();
    """

    assert after(html_of(40, exercises), script) == "true,true"


@needs_browser
def test_a_click_hides_every_name_and_another_shows_them(after, exercises):
    script = """
    const seen = () => document.body.innerText.includes('learner 007');
    const found = [seen()];
    for (let i = 0; i < 2; i++) { document.getElementById('names').click(); found.push(seen()); }
    document.title = found.join();
    """

    assert after(html_of(40, exercises), script) == "true,false,true"


@needs_browser
def test_hidden_names_are_hidden_from_what_the_mouse_shows_too(after, exercises):
    script = """
    document.getElementById('names').click();
    const titles = [...document.querySelectorAll('[title]')].map(e => e.title).join();
    document.title = titles.includes('learner 007') || document.body.innerText.includes('Ánn');
    """

    assert after(html_of(40, exercises), script) == "false"


@needs_browser
def test_a_name_is_text(after, exercises):
    script = "document.title = document.querySelectorAll('i').length"

    assert after(html_of(5, exercises), script) == "0"


@needs_browser
@pytest.mark.parametrize("count", [5, 40])
def test_no_page_is_wider_than_its_window(count, after, exercises):
    script = "document.title = document.documentElement.scrollWidth <= innerWidth"

    assert after(html_of(count, exercises), script) == "true"


@needs_browser
def test_on_paper_a_wide_map_is_cut_into_parts_that_hold_every_task(after):
    exercises = course.exercises(toy_course.ROOT)[:6]
    script = """
    const titles = (query) => [...document.querySelectorAll(query)].map(t => t.textContent).join();
    const all = titles('table.map th.t');
    dispatchEvent(new Event('beforeprint'));
    const parts = document.querySelectorAll('table.part');
    const most = Math.max(...[...parts].map(p => p.rows[0].cells.length));
    document.title = [titles('table.part th.t') === all, parts.length > 1, most <= 26].join();
    """

    assert after(html_of(5, exercises), script) == "true,true,true"
