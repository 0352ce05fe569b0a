"""A run of `kata grade`: a row for each task of each learner, whatever they or the machine do."""

import csv
import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from xml.etree import ElementTree

import psutil
import pytest
import toy_course

from gradkata import course
from gradkata.grading import material, outputs, run, server, servers, units
from gradkata.grading.discovery import find
from gradkata.grading.rows import Points, RowState, rows_of
from gradkata.grading.run import OtherRun, Results, Settings
from gradkata.grading.trial import after_trial

RIGHT = toy_course.SLOPES
# What a server says of an answer on one seed.
TOLD = {"record", "endings", "tampered", "canaries", "imported"}
STUB = "def double(x):\n    raise NotImplementedError\n\n\ndef halve(x):\n    return x / 2\n"
CRASH = RIGHT.replace("return x / 2", "import os; os._exit(3)")


def put(top, path, text):
    file = top / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return toy_course.build(tmp_path_factory.mktemp("course") / "toy")


@pytest.fixture(autouse=True)
def no_copies():
    yield
    material.forget_copies()


def kata(root, *arguments, **more):
    return subprocess.run(
        [sys.executable, "-c", toy_course.RUN, "grade", *map(str, arguments)],
        cwd=root,
        env=toy_course.lean_environment() | more,
        capture_output=True,
        check=False,
        encoding="utf-8",
    )


# A whole run, on a machine of one's own


@pytest.fixture(scope="module")
def graded(root, tmp_path_factory):
    """Grade a small cohort without a sandbox, and return what was printed and written."""
    top, to = tmp_path_factory.mktemp("top"), tmp_path_factory.mktemp("to") / "grades"
    put(top, "ann/slopes.py", RIGHT)
    put(top, "ann/shapes.py", toy_course.SHAPES)
    put(top, "bo/slopes.py", STUB)
    put(top, "=cy/slopes.py", CRASH)
    put(top, "dora/slopes.py", "def double(:")
    put(top, "ed/slopes.py", RIGHT)
    put(top, "fay/nothing.txt", "")
    put(top, "gus/slopes.py", RIGHT.replace("2 * x", "x"))
    put(top, "gus/deep/slopes.py", RIGHT)
    done = kata(root, top, "--to", to, "--no-sandbox", "--jobs", "1")
    return done, to


def states_of(to):
    lines = (to / "results.jsonl").read_text().splitlines()[1:]
    rows = [row for line in lines for row in json.loads(line)["rows"]]
    return {(r["learner"], r["task"]): r["state"] for r in rows}


def test_each_task_has_the_state_that_its_answer_deserves(graded):
    _, to = graded

    states = states_of(to)
    assert states["ann", "double"] == states["ed", "halve"] == states["bo", "halve"] == "done"
    assert states["ann", "Square"] == "done"
    assert states["bo", "double"] == "to do"
    assert (states["=cy", "double"], states["=cy", "halve"]) == ("done", "crashed")
    assert states["dora", "double"] == states["dora", "halve"] == "error"


def test_there_is_a_row_for_each_learner_exercise_and_task(graded):
    done, to = graded

    with (to / "grades.csv").open(encoding="utf-8-sig", newline="") as file:
        table = list(csv.DictReader(file))
    assert "7 learners, 28 tasks" in done.stdout
    assert [line["learner"] for line in table] == [
        "points possible", "'=cy", "ann", "bo", "dora", "ed", "fay", "gus",
    ]  # fmt: skip
    assert [line["total"] for line in table] == ["4", "1", "4", "1", "0", "2", "0", ""]


def test_two_files_of_one_learner_are_refused_and_the_exit_code_says_so(graded):
    done, _ = graded

    assert done.returncode == 1
    assert "there are 2 files that differ: gus/deep/slopes.py and gus/slopes.py" in done.stdout


def test_without_a_sandbox_it_says_what_is_not_held(graded):
    done, _ = graded

    assert "without a sandbox: answers run with all your rights" in done.stdout


def test_tasks_whose_known_wrong_answers_are_not_found_wrong_are_named(graded, tmp_path):
    root = toy_course.build(tmp_path / "toy")
    (root / "solutions/01_slopes/slopes.py").unlink()
    put(tmp_path, "top/ann/slopes.py", RIGHT)
    to = ("--to", tmp_path / "grades", "--no-sandbox", "--jobs", "1")

    without = kata(root, tmp_path / "top", "01", *to)

    said = "no known wrong answer is judged as it should be here to "
    assert f"01_slopes: {said}double, halve: " in " ".join(without.stdout.split())
    assert said not in " ".join(graded[0].stdout.split())


def test_feedback_is_for_the_learner_and_names_nobody_else(graded):
    _, to = graded

    page = (to / "feedback" / "bo.md").read_text(encoding="utf-8")
    assert "1 of 4 tasks are done." in page
    assert "### double\n\nto do: its body still raises NotImplementedError" in page
    assert "Hint: Twice is `x` and `x` once more." in page
    assert not [name for name in ("ann", "dora", "fay") if name in page]


def test_what_gradescope_takes_has_a_test_for_each_task(graded):
    _, to = graded

    result = json.loads((to / "gradescope" / "bo.json").read_text(encoding="utf-8"))
    assert (result["score"], result["output"]) == (1, "1 of 4 tasks done")
    assert [test["number"] for test in result["tests"]] == ["01.1", "01.2", "02.1", "02.2"]
    assert [test["status"] for test in result["tests"]] == ["failed", "passed", "failed", "failed"]


def test_junit_counts_failures_and_errors_apart(graded):
    _, to = graded

    suites = {s.get("name"): s for s in ElementTree.parse(to / "junit.xml").getroot()}
    crashed, stub = suites["=cy · 01_slopes"], suites["bo · 01_slopes"]
    assert (crashed.get("failures"), crashed.get("errors")) == ("0", "1")
    assert (stub.get("failures"), stub.get("errors")) == ("1", "0")
    assert suites["gus · 01_slopes"].get("skipped") == "2"


def test_a_dry_run_shows_who_was_found_and_judges_nothing(root, tmp_path):
    put(tmp_path / "in", "ann/slopes.py", RIGHT)
    put(tmp_path / "in", "bo/slopes.py", RIGHT)

    done = kata(root, tmp_path / "in", "01", "--to", tmp_path / "to", "--dry-run")

    assert done.returncode == 0
    assert "ann" in done.stdout
    assert "bo/slopes.py" in done.stdout
    assert "2 answers to judge, 1 of them distinct" in done.stdout
    assert re.search(r"^about \d+ s on this machine, if all were like ours$", done.stdout, re.M)
    assert not (tmp_path / "to").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere"], "nowhere: no such folder or zip"),
        (["."], "nobody's answers are in "),
        ([".", "slope"], "did you mean 01_slopes?"),
        ([".", "--learner", "("], "--learner (: missing )"),
        ([".", "--device", "tpu"], "--device tpu: no such device; cpu or cuda"),
        ([".", "--points", "none.toml"], "cannot use "),
    ],
)
def test_what_cannot_be_graded_is_one_line_and_code_4(arguments, said, root, tmp_path):
    where = tmp_path / "empty"
    where.mkdir()
    given = [str(where) if argument == "." else argument for argument in arguments]

    done = kata(root, *given, "--to", tmp_path / "to", "--no-sandbox")

    assert done.returncode == 4
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_name_of_any_length_leaves_a_table_that_can_be_read(root, tmp_path):
    put(tmp_path, f"in/{'n' * 200}/slopes.py", RIGHT)
    put(tmp_path, "in/ann/slopes.py", RIGHT)

    done = kata(root, tmp_path / "in", "--dry-run")

    assert f"\n{'n' * 59}…  by hand" in done.stdout


def test_one_file_alone_is_judged_and_nothing_written(root, tmp_path):
    file = put(tmp_path, "slopes.py", RIGHT.replace("return x / 2", "return x"))

    done = kata(root, file, "--answers-only", "--no-sandbox", "--to", tmp_path / "to")

    lines = done.stdout.splitlines()
    assert [line.split(maxsplit=1) for line in lines[1:3]] == [
        ["done", "double"],
        ["wrong", "halve  2 == 1"],
    ]
    assert lines[-1].strip() == "slopes.py:11"
    assert not (tmp_path / "to").exists()


def test_what_the_options_name_is_demanded_before_anything_is_judged(root, tmp_path):
    put(tmp_path, "in/ann/slopes.py", RIGHT)

    several = kata(root, tmp_path / "in", "--answers-only", "--no-sandbox")
    absent = kata(root, tmp_path / "in", "--fill", tmp_path / "none.csv", "--no-sandbox")

    assert (several.returncode, absent.returncode) == (4, 4)
    assert several.stderr == "--answers-only takes one file, such as slopes.py\n"
    assert absent.stderr.endswith("none.csv: no such file\n")


def test_without_bubblewrap_it_refuses(root, tmp_path):
    put(tmp_path / "in", "ann/slopes.py", RIGHT)

    done = kata(root, tmp_path / "in", "--to", tmp_path / "to", PATH="")

    assert done.returncode == 4
    assert "no sandbox: bubblewrap is not installed (its command is bwrap)" in done.stderr
    assert "pass --no-sandbox on a machine where there is nothing to lose" in done.stderr


def test_without_the_extra_it_says_what_to_install(root, tmp_path):
    hide = "import sys, importlib.util as u; f = u.find_spec\n"
    hide += "u.find_spec = lambda n, *a: None if n == 'jinja2' else f(n, *a)\n"
    command = [sys.executable, "-c", hide + toy_course.RUN, "grade", str(tmp_path)]

    done = subprocess.run(
        command, cwd=root, env=toy_course.lean_environment(), capture_output=True, text=True
    )

    words = "kata grade needs more than a learner does: python -m pip install 'gradkata[workshop]'"
    assert (done.returncode, done.stderr) == (4, f"{words}\n")


# What is judged, and what is not judged again


class Counting(Executor):
    """Runs at once, counts, and stops like a kill after so many."""

    def __init__(self, most=10_000):
        self.most = most
        self.texts = []

    def submit(self, _, unit):
        self.texts.append(unit["text"])
        future = Future()
        if len(self.texts) > self.most:
            future.set_exception(KeyboardInterrupt())
        else:
            future.set_result(verdict_on(unit))
        return future


def verdict_on(unit):
    """Return what judging would, for an answer that is one word: the state of both its tasks."""
    word = unit["text"]
    state = word if word in ("done", "to do") else "wrong"
    found = {"state": state, "place": "01_slopes/slopes.py:3", "lines": [word], "found_by": ""}
    tasks = [
        found | {"task": task, "found_at": "", "printed": [], "seconds": random.random()}
        for task in ("double", "halve")
    ]
    endings = dict.fromkeys(("double", "halve"), word) if word in ("timeout", "crashed") else {}
    record = {"outcome": "ok", "detail": "", "tasks": tasks}
    return {"runs": [{"record": record, "endings": endings}], "runs_on": {}}


@pytest.fixture
def settings(root):
    return Settings(root, course.exercises(root)[:1])


WORDS = ["done", "wrong", "done", "to do", "crashed", "timeout", "done", "crashed", "wrong"]


@pytest.fixture
def cohort(tmp_path, settings):
    for number, word in enumerate(WORDS):
        put(tmp_path / "in", f"learner-{number}/slopes.py", word)
    return run.jobs_of(find(tmp_path / "in", settings.exercises), settings)


@pytest.fixture
def judge(tmp_path, settings, cohort):
    def judge(executor, settings=settings):
        (tmp_path / "to").mkdir(exist_ok=True)
        results = Results(tmp_path / "to", settings)
        return run.judge_all(cohort, settings, results, executor, lambda _: None)

    return judge


def without_seconds(rows):
    return [row.as_dict() | {"seconds": 0} for row in rows]


def test_the_same_answer_is_judged_once_but_a_crash_and_a_timeout_each_time(judge):
    executor = Counting()

    rows = judge(executor)

    assert sorted(executor.texts) == ["crashed", "crashed", "done", "timeout", "to do", "wrong"]
    assert [str(row.state) for row in rows[::2]] == WORDS


def test_a_row_that_is_another_learners_names_its_own_file(judge):
    assert judge(Counting())[4].place == "learner-2/slopes.py:3"


@pytest.mark.parametrize("after", range(6))
def test_a_run_that_was_stopped_goes_on_with_the_same_records(after, judge, tmp_path, settings):
    with pytest.raises(KeyboardInterrupt):
        judge(Counting(most=after))
    kept = Results(tmp_path / "to", settings).kept
    left = Counting()

    rows = judge(left)

    assert [str(row.state) for row in rows[::2]] == WORDS
    assert len(left.texts) <= len(WORDS) - len(kept)


def test_a_line_that_was_being_written_is_judged_again(judge, tmp_path):
    rows = judge(Counting())
    file = tmp_path / "to" / "results.jsonl"
    file.write_bytes(file.read_bytes()[:-40])
    again = Counting()

    assert without_seconds(judge(again)) == without_seconds(rows)
    assert again.texts == []  # its text is that of another, which is there


def test_a_run_with_other_settings_is_refused(judge, settings):
    judge(Counting())
    other = Settings(settings.root, settings.exercises, seeds=(1, 2))

    with pytest.raises(OtherRun, match=r"a run with other seeds: \[0\], and now \[1, 2\]"):
        judge(Counting(), other)


def test_points_may_be_others_and_partial_credit_is_the_share_of_done_tasks(judge, settings):
    worth = Settings(settings.root, settings.exercises, points=Points({"double": 3.0}))
    judge(Counting())

    rows = judge(Counting(), worth)

    assert [(row.points, row.possible) for row in rows[:4]] == [(3, 3), (1, 1), (0, 3), (0, 1)]


# Killed in the middle


def begun(root, top, to):
    arguments = ["grade", str(top), "01", "--to", str(to), "--no-sandbox", "--jobs", "1"]
    return subprocess.Popen(
        [sys.executable, "-c", toy_course.RUN, *arguments],
        cwd=root,
        env=toy_course.lean_environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def lines_in(file):
    return file.read_bytes().count(b"\n") if file.exists() else 0


# What takes more than a moment runs in a session of its own: `nox -s grade`.
HEAVY = "GRADKATA_HEAVY" in os.environ
SIGNALS = ["SIGKILL", *(["SIGINT", "SIGTERM", "SIGHUP"] * HEAVY)]


@pytest.mark.parametrize("number", [getattr(signal, name) for name in SIGNALS])
def test_a_killed_run_goes_on_and_leaves_no_process(number, root, tmp_path):
    for n in range(12):
        put(
            tmp_path / "in",
            f"learner-{n:02}/slopes.py",
            f"{RIGHT}\n# {n}\nimport time; time.sleep(.2)",
        )
    to = tmp_path / "to"
    first = begun(root, tmp_path / "in", to)
    while lines_in(to / "results.jsonl") < 4:
        assert first.poll() is None
        time.sleep(0.02)
    family = psutil.Process(first.pid).children(recursive=True)

    first.send_signal(number)
    first.wait(timeout=20)

    _, alive = psutil.wait_procs(family, timeout=20)
    assert alive == []
    kept = lines_in(to / "results.jsonl")
    assert kept >= 4
    assert begun(root, tmp_path / "in", to).wait(timeout=60) == 0
    states = states_of(to)
    assert len(states) == 24
    assert set(states.values()) == {"done"}


@pytest.mark.skipif(not HEAVY, reason="takes minutes: nox -s grade")
def test_a_run_that_was_killed_at_twenty_random_moments_ends_with_the_same_records(root, tmp_path):
    for n in range(40):
        text = f"{RIGHT if n % 3 else CRASH}\n# {n % 25}\nimport time; time.sleep(.1)"
        put(tmp_path / "in", f"learner-{n:02}/slopes.py", text)
    assert begun(root, tmp_path / "in", tmp_path / "whole").wait(timeout=120) == 0
    chance = random.Random(7)

    for _ in range(20):
        process = begun(root, tmp_path / "in", tmp_path / "to")
        time.sleep(chance.uniform(0.3, 6))
        process.kill()
        process.wait()
    begun(root, tmp_path / "in", tmp_path / "to").wait(timeout=120)

    assert toy_course.records(tmp_path / "to") == toy_course.records(tmp_path / "whole")


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit")
def test_on_a_full_disk_what_was_judged_is_there_and_the_same_command_goes_on(root, tmp_path):
    import resource

    for n in range(24):
        put(tmp_path / "in", f"learner-{n:02}/slopes.py", f"{RIGHT}\n# {n}")
    to = tmp_path / "to"
    arguments = ["grade", tmp_path / "in", "01", "--to", to, "--no-sandbox", "--jobs", "1"]
    command = [sys.executable, "-c", toy_course.RUN, *map(str, arguments)]
    full = 9_000  # bytes of a file: more than the course's own, and less than all results

    stopped = subprocess.run(
        command,
        cwd=root,
        env=toy_course.lean_environment(),
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (full, full)),
    )

    assert stopped.returncode == 4
    assert re.fullmatch(r"cannot use .*results\.jsonl: File too large\n", stopped.stderr)
    assert 2 < lines_in(to / "results.jsonl") < 25
    assert subprocess.run(command, cwd=root, env=toy_course.lean_environment()).returncode == 0
    assert set(states_of(to).values()) == {"done"}
    assert len(states_of(to)) == 48


def test_where_no_process_can_be_forked_the_rows_are_the_same(root, tmp_path, monkeypatch):
    monkeypatch.setattr(server.forking, "why_not", lambda: "this system cannot")
    asked = {"root": str(root), "answers": str(tmp_path), "device": "cpu", "isolates": False}
    judging = server.serve(asked | {"limits": {"seconds": 60}})

    found = judging.judge("01_slopes", CRASH.encode(), 0, ["double", "halve"])

    exercise = course.Exercise(root, "01_slopes")
    rows = rows_of("ann", exercise, "ann.py", {"runs": [found]}, Points())
    assert [str(row.state) for row in rows] == ["done", "crashed"]
    assert set(found) == TOLD


@pytest.mark.skipif(
    not hasattr(os, "fork"), reason="what is imported there serves no other process"
)
def test_what_our_solution_takes_long_to_import_is_imported_once_before_the_answers(
    tmp_path, monkeypatch
):
    (tmp_path / "slow_to_import.py").write_text("import time\ntime.sleep(0.2)\n")
    paths = [toy_course.lean_environment()["PYTHONPATH"], str(tmp_path)]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(paths))
    root = toy_course.build(tmp_path / "toy")
    (exercise,) = exercises = course.exercises(root)[:1]
    importing = RIGHT.replace("return 2 * x", "import slow_to_import\n    return 2 * x")
    exercise.solution.write_text(importing, encoding="utf-8")
    unready = f"import sys\nassert 'slow_to_import' not in sys.modules\n{RIGHT}"
    with ThreadPoolExecutor(max_workers=2) as executor:
        tried = after_trial(Settings(root, exercises, sandbox=False), exercises, executor, 2)

    runs = units.judge_unit(tried.unit(exercise.name, unready.encode()))

    idle = [len(kept) for kept in servers._IDLE.values()]
    servers.close_all()
    servers.begin()
    assert "slow_to_import" in tried.imports[exercise.name]
    assert idle == [2]
    rows = rows_of("ann", exercise, "ann.py", runs, Points())
    assert [str(row.state) for row in rows] == ["error", "error"]


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal")
def test_a_server_that_is_lost_in_the_middle_costs_no_row(root, settings, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", toy_course.lean_environment()["PYTHONPATH"])
    exercise = settings.exercises[0]
    unit = Settings(root, settings.exercises, sandbox=False).unit(exercise.name, RIGHT.encode())
    units.judge_unit(unit)
    ((server,),) = servers._IDLE.values()
    # It is asked, and ends before it answers.
    server.process.send_signal(signal.SIGSTOP)
    threading.Timer(0.5, server.process.kill).start()

    found = units.judge_unit(unit)

    servers.close_all()
    servers.begin()
    rows = rows_of("ann", exercise, "ann.py", found, Points())
    assert [str(row.state) for row in rows] == ["done", "done"]
    assert [set(run) - {"runs_on"} for run in found["runs"]] == [TOLD]


@pytest.mark.parametrize(
    "line", ["MemoryError", "given the circle at (1, 0), it raises MemoryError"]
)
def test_what_was_refused_memory_is_told_whatever_a_test_says_of_it(line):
    verdict = {"exercise": "01_slopes", "task": "halve", "test": "test_halve.py::test_x"}
    verdict |= {"state": "wrong", "lines": [line]}
    part = {"verdicts": [(verdict, 0.1)], "tasks": [], "outcome": "ok"}

    assert server.endings([part]) == {"halve": "out of memory"}


# Names and texts in what comes out


def row(learner="ann", **more):
    values = {"learner": learner, "exercise": "01_slopes", "task": "double", "state": "wrong"}
    return outputs.Row.from_dict(values | more)


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@x"])
def test_no_cell_is_a_formula(name, root):
    table = outputs.grades_csv([row(name)], course.exercises(root)[:1])

    assert f"\r\n'{name}," in table


def test_junit_is_read_whatever_an_answer_says():
    said = "\x00\x1b[31m \ud800 \ufffe <&>]]>"

    report = outputs.junit_xml([row("a\x01b", sentence=said, lines=[said])])

    (suite,) = ElementTree.fromstring(report)
    assert suite.get("tests") == "1"


def test_files_have_names_that_every_system_takes():
    names = ["a/b", "..", "A/B", "con", "x" * 300, "<b>", "\u202egnp", "é", "e\u0301"]

    made = outputs.file_names(names)

    assert list(made.values()) == [
        "a_b", "unnamed", "A_B-2", "_con", "x" * 80, "b", "gnp", "é", "é-2",
    ]  # fmt: skip


def test_markdown_shows_what_an_answer_says_as_text(root):
    page = outputs.feedback(
        [row(sentence="<script> [x](y)", lines=["```", "# no title"])], course.exercises(root)[:1]
    )

    assert "\\<script\\> \\[x\\](y)" in page
    assert "````text\n```\n# no title\n````" in page


def test_a_state_that_may_pass_is_not_shared():
    assert run.is_transient([row(state=RowState.TIMEOUT)])
    assert not run.is_transient([row(state=RowState.WRONG)])


def test_a_course_with_uncommitted_tests_is_judged_by_the_committed_ones(tmp_path):
    root = toy_course.build(tmp_path / "toy")
    git = ("git", "-C", str(root), "-c", "user.name=x", "-c", "user.email=x@example.org")
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "course"]):
        subprocess.run([*git, *command], check=True)
    exercise = course.Exercise(root, "01_slopes")
    exercise.tests_of("double").write_text("def test_nothing(): pass")

    copy = material.copy_of(root)

    assert "becomes_four" in course.Exercise(copy, "01_slopes").tests_of("double").read_text()
    assert material.changed_since(root) == ["01_slopes"]


def test_what_killed_runs_have_left_is_removed(tmp_path, monkeypatch):
    monkeypatch.setattr(material.tempfile, "gettempdir", lambda: str(tmp_path))
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    stale, own = (tmp_path / f"gradkata-grade-{pid}-x" for pid in (ended.pid, os.getpid()))
    stale.mkdir()
    own.mkdir()

    material.remove_stale()

    assert (stale.exists(), own.exists()) == (False, True)
