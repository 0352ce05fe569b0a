"""What an answer changes in the code that judges it is named and put back.

So much holds against accidents. Against intent nothing here would: see the README.
"""

import pytest
import toy_course
from judging import judge

from gradkata import course
from gradkata.judging import runner
from gradkata.plugin import untouched
from gradkata.plugin.untouched import Untouched

IMPORTS = """
import contextlib, sys
import _pytest.python, _pytest.runner
from gradkata import checks, results
from gradkata.checks import compare, diagnosis, values
from gradkata.checks import guards
from gradkata.plugin import global_state, judge, verdicts
from gradkata.plugin import untouched as looks
def tests_of(task):
    return next(m for n, m in sys.modules.items() if n.endswith(f"test_{task}"))
def nothing(*args, **kwargs): pass
"""

CHANGES = [
    ("checks.check = nothing", "gradkata.checks.check has been replaced"),
    ("compare.check = nothing", "gradkata.checks.compare.check has been replaced"),
    ("checks.check.__code__ = nothing.__code__", "the code of gradkata.checks.compare.check has"),
    ("checks.check.__kwdefaults__['rtol'] = 9", "a default of gradkata.checks.compare.check has"),
    (
        "checks.raises.__wrapped__.__code__ = nothing.__code__",
        "the code of gradkata.checks.compare",
    ),
    ("checks.raises.__closure__[0].cell_contents = nothing", "what gradkata.checks.compare.rai"),
    ("checks.counted.__call__ = nothing", "gradkata.checks.samples.counted.__call__ has been"),
    ("diagnosis.find_fault = nothing", "gradkata.checks.diagnosis.find_fault has been replaced"),
    ("values._PRECISION.clear()", "gradkata.checks.values._PRECISION has been changed"),
    (
        "guards.forbid.stop.__code__ = nothing.__code__",
        "the code of gradkata.checks.guards.forbid.stop",
    ),
    ("judge.no_escape = contextlib.nullcontext", "gradkata.plugin.judge.no_escape has been repl"),
    ("verdicts.Verdicts.verdict = nothing", "gradkata.plugin.verdicts.Verdicts.verdict has been"),
    (
        "judge.JudgePlugin.pytest_pyfunc_call.__code__ = judge.JudgePlugin._changes.__code__",
        "the code of gradkata.plugin.judge.JudgePlugin.pytest_pyfunc_call has been replaced",
    ),
    (
        "global_state.GlobalState.restore.__code__ = (lambda self: []).__code__",
        "the code of gradkata.plugin.global_state.GlobalState.restore has been replaced",
    ),
    (
        "results.Verdict.state = property(lambda self: 'done', nothing)",
        "gradkata.results.Verdict.state has been replaced",
    ),
    (
        "looks.Untouched._put_back.__code__ = (lambda *args, **kwargs: []).__code__",
        "the code of gradkata.plugin.untouched.Untouched._put_back has been replaced",
    ),
    (
        "looks.Untouched.changes.__code__ = looks._owners.__code__",
        "the code of gradkata.plugin.untouched.Untouched.changes has been replaced",
    ),
    ("_pytest.python.Function.runtest = nothing", "_pytest.python.Function.runtest has been"),
    (
        "contextlib._GeneratorContextManager.__exit__ = lambda *args: True",
        "contextlib._GeneratorContextManager.__exit__ has been replaced",
    ),
    ("tests.changes = nothing", "{tests}.changes has been replaced"),
    ("tests.EXPECTED[9] = 9", "{tests}.EXPECTED has been changed"),
    (
        "tests.test_it.__code__ = (lambda x: None).__code__",
        "the code of {tests}.test_it has been replaced",
    ),
    ("open(tests.__file__, 'a').write('\\n')", "{tests}.py has been written to"),
]


@pytest.fixture
def changes(tmp_path):
    """An exercise with a task for each change, and each before and after one that is right."""
    exercise = course.Exercise(toy_course.build(tmp_path / "toy"), "07_changes")
    exercise.tests.mkdir(parents=True)
    bodies = {}
    for number, (change, _) in enumerate(CHANGES):
        own = f"tests = tests_of('change_{number}'); " * ("tests." in change)
        bodies[f"right_{number}"] = "return x / 2"
        bodies[f"change_{number}"] = f"{own}{change}; return x / 2"
    bodies["right_last"] = "return x / 2"
    for name in bodies:
        exercise.tests_of(name).write_text(
            "import changes\nimport pytest\n\nEXPECTED = {2: 1}\n"
            f"pytestmark = pytest.mark.task({name!r})\n\n\n"
            f"def test_it():\n    assert changes.{name}(2) == EXPECTED[2]\n"
        )
    answer = [f"def {name}(x):\n    {body}" for name, body in bodies.items()]
    exercise.file.write_text(IMPORTS + "\n".join(answer) + "\n")
    return exercise


WRONG = {f"change_{number}": "wrong" for number in range(len(CHANGES))}


def test_each_change_is_named_and_costs_its_own_task_alone(changes):
    found = judge("exercises/07_changes", "-q", root=changes.root)

    assert found.states() == dict.fromkeys(changes.tasks, "done") | WRONG
    assert [
        (change, text)
        for number, (change, says) in enumerate(CHANGES)
        if f": {says.format(tests=f'test_change_{number}')}"
        not in (text := found.text(f"change_{number}"))
    ] == []


def test_kata_check_names_each_change_too(changes):
    record = runner.judge(changes, changes.root / "exercises")

    states = {task.task: task.state for task in record.tasks}
    assert states == dict.fromkeys(changes.tasks, "done") | WRONG
    # Of the tests that are there now, it has judged by none.
    assert record.outcome == "error"
    assert record.detail == "07_changes/tests was written to while it was at work: judge again"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("checks.check = nothing", "gradkata.checks.check has been replaced"),
        ("_pytest.python.Function.runtest = nothing", "the test did not run to its end: _pytest."),
        ("judge.JudgePlugin._prepare = nothing", "gradkata.plugin.judge.JudgePlugin._prepare has"),
    ],
)
def test_a_change_that_the_next_test_of_a_task_finds_costs_that_task_alone(change, says, tmp_path):
    exercise = course.Exercise(toy_course.build(tmp_path / "toy"), "01_slopes")
    more = "\n\ndef test_more():\n    assert slopes.double(1) == 2\n"
    exercise.tests_of("double").write_text(toy_course.TEST_DOUBLE + more)
    changes = toy_course.SLOPES.replace("return 2 * x", f"{change}; return 2 * x")
    exercise.file.write_text(IMPORTS + "from gradkata.plugin import judge\n" + changes)

    double, halve = runner.judge(exercise, exercise.root / "exercises").tasks

    assert (double.state, halve.state) == ("wrong", "done")
    assert says in "\n".join(double.lines)


def test_a_file_that_changes_the_harness_as_it_is_imported_is_one_fault(changes):
    line = "checks.check.__code__ = nothing.__code__\n"
    changes.file.write_text(changes.file.read_text() + line)

    found = judge("exercises/07_changes", root=changes.root)

    assert set(found.states().values()) == {"wrong"}
    says = "it leaves a change behind: the code of gradkata.checks.compare.check has been replaced"
    assert found.output.count(says) == 1


def test_a_worker_after_a_crash_does_not_judge_by_tests_that_were_written_to(changes):
    crash = "open(tests_of('change_0').__file__, 'a').write('\\n'); import os; os._exit(0)"
    changes.file.write_text(changes.file.read_text().replace(CHANGES[0][0], crash))

    record = runner.judge(changes, changes.root / "exercises")

    assert record.outcome == "error"
    assert {task.task: task.state for task in record.tasks}["right_last"] == "not judged"
    assert not record.done


WALK = '''
import builtins, os, sys, types

def attributes(thing):
    names = list(getattr(type(thing), "__slots__", ())) + list(getattr(thing, "__dict__", ()))
    names += ["buffer", "raw", "__self__", "__func__", "__wrapped__", "__closure__"]
    names += ["cell_contents"]
    for name in names:
        try:
            yield name, getattr(thing, name)
        except (AttributeError, ValueError, OSError):
            pass
    if isinstance(thing, dict):
        yield from thing.items()
    if isinstance(thing, (list, tuple)):
        yield from enumerate(thing)

def found_from(*roots):
    """Yield what could sign, wherever attributes lead."""
    seen, todo = {}, [(type(root).__name__, root) for root in roots]
    while todo:
        path, thing = todo.pop()
        if id(thing) in seen:
            continue
        seen[id(thing)] = thing
        secret = type(thing) is bytes and len(thing) == 32 and not thing.isascii()
        if secret or type(thing).__name__ == "Messenger":
            yield path
        if not isinstance(thing, (types.ModuleType, type, str, bytes, int)):
            todo += [(f"{path}.{name}", value) for name, value in attributes(thing)]

STREAMS = [sys.stdin, sys.stdout, sys.stderr, sys.__stdin__, sys.__stdout__, sys.__stderr__]
'''


def test_what_signs_the_verdicts_is_not_within_reach_of_the_streams_or_of_builtins(tmp_path):
    slopes = course.Exercise(toy_course.build(tmp_path / "toy"), "01_slopes")
    body = """
    for path in found_from(*STREAMS, sys.stdout, vars(builtins), vars(os), os._exit):
        print(path)
    print("that is all")
    return x / 2"""
    solved = toy_course.SLOPES.replace("return x / 2", body)
    slopes.file.write_text(WALK + solved)

    record = runner.judge(slopes, slopes.root / "exercises")

    assert record.done
    assert record.tasks[1].printed == ["that is all"]


def test_what_is_loaded_late_is_no_change():
    module = type(untouched)("late")
    module.first = 1
    looks = Untouched({"late": module})
    changes = looks.changes()
    next(changes)

    module.second = 2

    assert next(changes) == []


def test_a_change_of_another_tasks_tests_costs_the_one_that_made_it(changes):
    elsewhere = "tests_of('right_last').EXPECTED[4] = 9"
    changes.file.write_text(changes.file.read_text().replace(CHANGES[0][0], elsewhere))

    found = judge("exercises/07_changes", "-q", root=changes.root)

    assert "test_right_last.EXPECTED has been changed" in found.text("change_0")
    assert found.state("right_last") == "done"
