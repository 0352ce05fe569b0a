"""Whatever an answer does in the sandbox, its rows say so, and the next one sees nothing of it."""

import os
import types

import psutil
import pytest
import toy_course
from hostile_answers import BODIES, FILES, with_body, with_start

from gradkata import course
from gradkata.grading import material, sandbox, servers, units
from gradkata.grading.rows import Points, rows_of
from gradkata.judging import forked

pytestmark = pytest.mark.skipif(bool(sandbox.why_not()), reason=sandbox.why_not())

MIB = 2**20
LIMITS = {"seconds": 4, "memory": 512 * MIB, "family": 512 * MIB, "output": 2_000, "processes": 32}


@pytest.fixture(scope="module")
def exercise(tmp_path_factory):
    root = toy_course.build(tmp_path_factory.mktemp("course") / "toy")
    yield course.Exercise(root, "01_slopes")
    servers.close_all()
    servers.begin()


@pytest.fixture(scope="module")
def judged(exercise):
    """Judge an answer, in one sandbox after another."""

    def judge(text=toy_course.SLOPES, *, seeds=(0,)):
        unit = {
            "exercise": exercise.name,
            "text": text,
            "seeds": list(seeds),
            "device": "cpu",
            "limits": LIMITS,
            "sandbox": True,
            "root": str(exercise.root),
        }
        result = units.judge_unit(unit)
        rows = rows_of("ann", exercise, "ann/slopes.py", result, Points())
        return {row.task: row for row in rows}

    return judge


# What takes more than a moment runs in a session of its own: `nox -s grade`.
HEAVY = {
    *("fork bomb", "a million files", "a full /tmp", "full shared memory", "memory bit by bit"),
    *("endless sleep", "endless in C", "endless in spite of all", "endless without signals"),
    *("output without end", "an error whose text has no end", "an error of 100 MB"),
    *("memory of a family", "threads without end", "endless at the start"),
}
every = "GRADKATA_HEAVY" in os.environ


@pytest.mark.parametrize("name", [name for name in BODIES if every or name not in HEAVY])
def test_a_hostile_answer_costs_its_own_task_alone(name, judged, monkeypatch):
    monkeypatch.setenv("GRADKATA_SECRET", "of the teacher")
    code, state, words = BODIES[name]

    rows, after = judged(with_body(toy_course.SLOPES, "halve", code)), judged()

    assert (rows["halve"].state, rows["double"].state) == (state, "done")
    assert words in rows["halve"].sentence
    assert {row.state for row in after.values()} == {"done"}


@pytest.mark.parametrize("name", [name for name in FILES if every or name not in HEAVY])
def test_a_hostile_file_costs_its_own_tasks_alone(name, judged):
    code, state, words = FILES[name]

    rows, after = judged(with_start(toy_course.SLOPES, code)), judged()

    assert {row.state for row in rows.values()} == {state}
    assert words in rows["halve"].sentence
    assert {row.state for row in after.values()} == {"done"}


def halving(code):
    """Return an answer whose `halve` begins with these statements."""
    return with_body(toy_course.SLOPES, "halve", code)


def test_sixty_kinds_are_known():
    assert len(BODIES) + len(FILES) >= 60


def test_a_family_that_has_outgrown_its_number_is_not_asked_for_its_memory(monkeypatch):
    limits = types.SimpleNamespace(family=1, processes=8)
    transcript = types.SimpleNamespace(order=types.SimpleNamespace(limits=limits), ending=("", ""))
    worker = types.SimpleNamespace(pid=1, is_replaced=False, transcript=transcript)
    asked = []
    monkeypatch.setattr(forked.processes, "descendants", lambda _: list(range(2, 20)))
    monkeypatch.setattr(forked.processes, "resident", lambda _: 1)
    monkeypatch.setattr(forked.processes, "own_memory", lambda pid: asked.append(pid) or 1)
    monkeypatch.setattr(forked.processes, "how_many", lambda: 7 + len(asked))

    forked._stop_the_hungriest([worker])

    assert len(asked) == 2
    assert worker.transcript.ending == ("", "")


LEFT = {
    "a file in /tmp": "open('/tmp/left', 'w').close()",
    "a file in shared memory": "open('/dev/shm/left', 'w').close()",
    "a file beside the answer": "open(__file__ + '.left', 'w').close()",
    "a daemon": "import os; os.fork() or os.execv('/bin/sleep', ['left', '99'])",
    "an answer of its own": "open(__file__, 'w').write('left')",
}
SEEN = """
import os, pathlib
places = ["/tmp", "/dev/shm", os.path.dirname(os.path.dirname(__file__))]
seen = [str(f) for place in places for f in pathlib.Path(place).rglob("*") if f.is_file()]
for f in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
    seen += [f.read_text()] * (f.parent.name != str(os.getpid()))
seen += ["left"] * (open(__file__).read() == "left")
assert 0, [s for s in seen if s != __file__ and "left" in s]
"""


@pytest.mark.parametrize("name", LEFT)
def test_what_an_answer_leaves_is_gone_before_the_next(name, judged):
    judged(halving(LEFT[name]))

    assert judged(halving(SEEN))["halve"].sentence.splitlines()[0] == "[]"


def test_nothing_runs_on_after_the_end_of_all(exercise, judged):
    judged(halving("import os; os.fork() or os.execv('/bin/sleep', ['gradkata-left', '99'])"))
    servers.close_all()
    servers.begin()

    lines = [" ".join(p.info["cmdline"] or []) for p in psutil.process_iter(["cmdline"])]
    assert [line for line in lines if "gradkata-left" in line] == []


def test_a_task_is_done_where_it_is_done_on_each_seed(judged):
    body = """
    import random
    return x / 2 if hash(random.getstate()) == {} else 0
    """
    first = judged(halving("import random; raise ValueError(hash(random.getstate()))"), seeds=[7])
    number = first["halve"].sentence.removeprefix("ValueError: ")

    assert judged(halving(body.format(number)), seeds=[7])["halve"].state == "done"
    assert judged(halving(body.format(number)), seeds=[7, 8])["halve"].state == "wrong"


def test_a_place_is_told_in_what_was_handed_in(judged):
    assert judged(halving("return 0"))["halve"].place == "ann/slopes.py:11"


@pytest.mark.parametrize(
    ("what", "said"), [("tests", "the tests"), ("harness", "the harness"), ("torch", "torch")]
)
def test_another_version_is_refused_by_name(what, said, exercise):
    unit = {"root": str(exercise.root), "exercise": exercise.name, "expects": {what: "other"}}

    found = units.judge_unit(unit)

    assert found == {"failed": f"another version of {said} is on this machine"}


def test_a_machine_without_a_sandbox_is_refused(exercise, monkeypatch):
    unit = {"root": str(exercise.root), "exercise": exercise.name, "sandbox": True}
    monkeypatch.setattr(units.sandbox, "why_not", lambda: "bubblewrap is not installed")

    found = units.judge_unit(unit)

    assert found == {"failed": "no sandbox on this machine: bubblewrap is not installed"}


def test_the_course_that_judges_is_a_copy_without_solutions_and_with_stubs(exercise):
    exercise.file.write_text("raise SystemExit('of the teacher')")
    material.forget_copies()

    copy = material.copy_of(exercise.root)

    assert "raise NotImplementedError" in course.Exercise(copy, exercise.name).file.read_text()
    assert not (copy / "solutions").exists()


def test_without_bubblewrap_it_says_why(monkeypatch):
    sandbox.why_not.cache_clear()
    monkeypatch.setattr(sandbox, "shutil", types.SimpleNamespace(which=lambda _: None))

    why = sandbox.why_not()

    sandbox.why_not.cache_clear()
    assert why == "bubblewrap is not installed (its command is bwrap)"
