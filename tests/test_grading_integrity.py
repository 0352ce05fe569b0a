"""What an answer does to what judges it is noticed, and what a person should look at is told.

docs/trust.md says what is held and what is not: each way that is not is an expected failure here.
"""

import textwrap
from concurrent.futures import ThreadPoolExecutor

import pytest
import toy_course

from gradkata import course
from gradkata.grading import integrity, sandbox, servers, units
from gradkata.grading.rows import Points, rows_of
from gradkata.grading.run import Settings
from gradkata.grading.trial import after_trial

needs_sandbox = pytest.mark.skipif(bool(sandbox.why_not()), reason=sandbox.why_not())
HALVE = "    return x / 2\n"
WRONG = "return 0"


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return toy_course.build(tmp_path_factory.mktemp("course") / "toy")


@pytest.fixture(scope="module")
def settings(root):
    """Return the settings of a run, with its canaries."""
    exercises = course.exercises(root)[:1]
    with ThreadPoolExecutor(max_workers=1) as executor:
        plain = Settings(root, exercises, limits={"seconds": 6})
        yield after_trial(plain, exercises, executor)
    servers.close_all()
    servers.begin()


@pytest.fixture(scope="module")
def states(settings):
    """Judge an answer whose `halve` is wrong, and that begins with what is to hide it."""

    def judge(first, *, last=""):
        text = toy_course.SLOPES.replace(HALVE, f"    {WRONG}\n") + textwrap.dedent(last)
        text = textwrap.dedent(first) + text
        result = units.judge_unit(settings.unit("01_slopes", text.encode()))
        rows = rows_of("ann", settings.exercises[0], "slopes.py", result, Points())
        return {row.task: str(row.state) for row in rows}

    return judge


FORGE = """
import gc, os
def forge():
    from gradkata.judging.messenger import Messenger
    (messenger,) = [o for o in gc.get_objects() if type(o) is Messenger]
    for task in ("double", "halve"):
        test = f"test_{task}.py::test_two_becomes_{'four' if task == 'double' else 'one'}"
        verdict = {"exercise": "01_slopes", "task": task, "test": test, "state": "done", "total": 1}
        messenger.send(kind="verdict", verdict=verdict, seconds=0.0)
    messenger.send(kind="end")
    os._exit(0)
"""

END = 'messenger.send(kind="end")'
# What stands in a frame above, by the name of its class.
ABOVE = """
import sys
def above(kind):
    frame = sys._getframe()
    while frame:
        for value in frame.f_locals.values():
            if type(value).__name__ == kind:
                return value
        frame = frame.f_back
"""

# By what is replaced: how, and the states of a right task and of the wrong one.
HELD = {
    "a test's function": (
        """
        import sys
        for name, module in list(sys.modules.items()):
            if name.endswith("test_halve"):
                module.test_two_becomes_one.__code__ = (lambda: None).__code__
        """,
        "error",
        "error",
    ),
    "pytest's runner": (
        "import _pytest.runner\n_pytest.runner.call_and_report = lambda *a, **k: None\n",
        "error",
        "error",
    ),
    "pytest's report": (
        """
        from _pytest.reports import TestReport
        TestReport.from_item_and_call = classmethod(lambda cls, item, call: cls(
            item.nodeid, item.location, {}, "passed", None, call.when))
        """,
        "tampered",
        "wrong",
    ),
    "what explains an error": (
        """
        import gradkata.plugin.verdicts as v
        v.explain = lambda *a: {"state": "done"}
        """,
        "error",
        "error",
    ),
    "a built-in function": (
        "import builtins\nbuiltins.isinstance = lambda a, b: True\n",
        "error",
        "error",
    ),
    "what writes messages": (
        """
        import json
        dumps = json.dumps
        json.dumps = lambda o, *a, **k: dumps(o, *a, **k).replace('"wrong"', '"done"')
        """,
        "error",
        "error",
    ),
    "pluggy's calls": (
        """
        import pluggy._callers as c
        usual = c._multicall
        c._multicall = lambda *a, **k: usual(*a, **k)
        """,
        "tampered",
        "wrong",
    ),
    "what a test calls": (
        """
        import sys, types
        for name, module in list(sys.modules.items()):
            if name.endswith("test_halve"):
                module.slopes = types.SimpleNamespace(halve=lambda x: 1)
        """,
        "error",
        "error",
    ),
    "pytest's items": (
        ABOVE + "for item in above('Function').session.items: item.obj = lambda: None\n",
        "tampered",
        "tampered",
    ),
    "a plugin of pytest's": (
        ABOVE
        + """
import pytest
class Plugin:
    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(self, item, call):
        report = yield
        report.outcome = "passed"
        if hasattr(report, "verdict"):
            report.verdict = {**report.verdict, "state": "done", "lines": []}
        return report
above("Function").config.pluginmanager.register(Plugin())
""",
        "tampered",
        "tampered",
    ),
    "forged words, and an end": (FORGE + "\nforge()\n", "tampered", "tampered"),
    "forged words, what was changed among them": (
        FORGE.replace(END, f"messenger.send(kind='integrity', changed=[])\n    {END}")
        + "\nforge()\n",
        "tampered",
        "tampered",
    ),
}


@needs_sandbox
@pytest.mark.parametrize("name", HELD)
def test_a_wrong_answer_that_replaces_what_judges_is_not_done(name, states):
    first, right, wrong = HELD[name]

    assert states(first) == {"double": right, "halve": wrong}


READING = """
def halve(x):
    return next(c for c in sys._getframe(1).f_code.co_consts if type(c) is int and c not in (0, x))
"""
NOT_HELD = {
    "A forger who knows what an honest worker says, and says all of it": FORGE.replace(
        END,
        f"""
    messenger.send(kind="asks")
    import json
    from gradkata.judging.protocol import Pipes
    (pipes,) = [o for o in gc.get_objects() if type(o) is Pipes]
    for number, _ in enumerate(json.loads(os.read(pipes.start, 10**6))["each"]):
        verdict = {{"state": "wrong", "lines": []}}
        messenger.hold(kind="canary", canary=number, verdict=verdict)
    messenger.send(kind="integrity", changed=[])
    {END}""",
    )
    + "\nforge()\n",
    "A patch that puts everything back before it is looked at": ABOVE
    + """
(item,) = [item for item in above("Function").session.items if "becomes_one" in item.name]
own = item.obj
def pretend():
    item.obj = own
item.obj = pretend
""",
    "Expected values that are read from the tests' frames": """
import sys
""",
}


@needs_sandbox
@pytest.mark.xfail(reason="docs/trust.md says so", strict=True)
@pytest.mark.parametrize("name", NOT_HELD)
def test_what_the_docs_say_is_not_held(name, states):
    last = READING if "frames" in name else ""

    assert states(NOT_HELD[name], last=last)["halve"] != "done"


@pytest.mark.parametrize("name", NOT_HELD)
def test_what_is_not_held_stands_in_the_docs(name):
    page = (toy_course.ROOT / "docs/trust.md").read_text(encoding="utf-8")

    assert name in page.partition("## Not held")[2]


@needs_sandbox
def test_the_next_answer_is_judged_by_what_was_there_before(states):
    states(HELD["pluggy's calls"][0])

    assert states("") == {"double": "done", "halve": "wrong"}


@needs_sandbox
def test_what_is_done_before_a_crash_is_judged_again_where_it_can_be_vouched_for(states):
    found = states("", last="def halve(x):\n    import os; os._exit(0)\n")

    assert found == {"double": "done", "halve": "crashed"}


def test_what_nobody_vouches_for_is_not_believed():
    done = {
        "outcome": "crashed",
        "tasks": ["halve"],
        "verdicts": [({"task": "double", "state": "done"}, 0)],
    }

    assert integrity.without_proof([done]) == ["double"]
    assert integrity.verdict_on([done]) == "the worker ended without telling what was changed"


FLAGGED = {
    "import gc": "line 1 uses gc",
    "import ctypes.util": "line 1 uses ctypes.util",
    "from inspect import stack": "line 1 uses inspect",
    "from gradkata.checks import check": "line 1 uses gradkata.checks",
    "import _pytest": "line 1 uses _pytest",
    "import sys\nsys._getframe()": "line 2 uses sys._getframe",
    "from sys import modules": "line 1 uses sys.modules",
    "import sys\nsys.modules": "line 2 uses sys.modules",
    "exec('1')": "line 1 uses exec()",
    "eval('1')": "line 1 uses eval()",
    "compile('1', '', 'eval')": "line 1 uses compile()",
    "open('x')": "line 1 uses open()",
    "f.__code__": "line 1 uses __code__",
}


@pytest.mark.parametrize("text", FLAGGED)
def test_what_an_answer_has_no_use_for_is_flagged(text):
    assert integrity.flags_of(text.encode(), "slopes") == (FLAGGED[text],)


@pytest.mark.parametrize(
    "text",
    ["model.modules()", "torch._foreach_add_(x, 1)", "torch.compile(f)", "def (", "x.eval()"],
)
def test_what_an_answer_has_use_for_is_not_flagged(text):
    assert integrity.flags_of(text.encode(), "slopes") == ()


def test_what_was_changed_is_told():
    verdicts = [({"task": "double", "state": "done"}, 0.1)]
    part = {"outcome": "ok", "tasks": [], "verdicts": verdicts}
    parts = [part | {"integrity": [{"changed": list("abcdefg")}]}]

    said = integrity.verdict_on(parts)

    assert said == "what judges was changed: a, b, c, d, e and 2 more"


@pytest.mark.parametrize("said", [{}, {"changed": None}, {"changed": 3}])
def test_a_message_that_tells_nothing_of_changes_is_not_believed(said):
    part = {"outcome": "ok", "tasks": [], "verdicts": [({"task": "double", "state": "done"}, 0.1)]}

    assert integrity.verdict_on([part | {"integrity": [said]}]) == integrity.UNTOLD


WATCHED = """
def f(): pass
def with_default(a=1): pass
def with_keyword(*, a=1): pass
def around(inner): return lambda: inner()
wrapped = around(f)
class C:
    def m(self): pass
    @staticmethod
    def s(): pass
"""


def test_a_fingerprint_tells_each_kind_of_change():
    import types

    module = types.ModuleType("watched")
    exec(WATCHED, vars(module))
    module.C.__module__ = "watched"
    before = integrity.Fingerprint({"watched": module})
    assert before.changed() == []

    module.f.__code__ = (lambda: 1).__code__
    module.with_default.__defaults__ = (2,)
    module.with_keyword.__kwdefaults__ = {"a": 2}
    module.wrapped.__closure__[0].cell_contents = module.around
    module.C.m = lambda self: 1
    module.C.s = 3

    changed = ["C.m", "C.s", "f", "with_default", "with_keyword", "wrapped"]
    assert before.changed() == [f"watched.{name}" for name in changed]
