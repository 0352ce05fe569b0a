"""The pytest plugin: whose answers are judged, the state of each task, and the board.

A run outside a course, and tests that belong to no exercise, are left alone.
"""

from __future__ import annotations

import contextlib
import difflib
import gc
import re
import signal
import sys
import threading
import time
import unittest
import warnings
import zlib
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from gradkata.answers import AnswerFinder, AnswerLoader
from gradkata.course import Exercise, UnknownName, exercises, find_exercise, progress
from gradkata.display import (
    COLOURS,
    SIGNS,
    as_encoded,
    found_by,
    last_printed,
    made_visible,
    verdict_text,
    visible,
    visible_but_colours,
    visible_output,
)
from gradkata.environment import name_user
from gradkata.errors import LIMIT, NO_END, Endless, name_of, time_limit
from gradkata.plugin.explain import BrokenFile, Escape, MissingTask, explain
from gradkata.plugin.streams import lent_streams
from gradkata.plugin.summary import Board
from gradkata.plugin.untouched import Untouched, around, harness
from gradkata.results import State, Verdict

if TYPE_CHECKING:
    import torch

    from gradkata.plugin.global_state import GlobalState

_DEVICES = ("cpu", "cuda")


@dataclass(frozen=True)
class TaskTest:
    """What a test judges, and where the answer stands."""

    exercise: Exercise
    task: str
    file: Path


_TEST = pytest.StashKey[TaskTest]()


# Options, in the order in which pytest calls the hooks


class Hooks:
    """What the plugin tells other plugins."""

    def pytest_answer_executed(self) -> None:
        """Learn that a learner's file has run, to its end or not."""


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Add our own hooks to pytest's."""
    pluginmanager.add_hookspecs(Hooks)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add what a run of the course can be asked."""
    group = parser.getgroup("gradkata", "gradkata, exercises on autograd")
    group.addoption(
        "--answers",
        metavar="DIR",
        default="exercises",
        help="judge the answers in DIR, which mirrors exercises/ (default: exercises)",
    )
    group.addoption(
        "--device", default="cpu", metavar="|".join(_DEVICES), help="where tensors live"
    )
    group.addoption("--seed", type=int, default=0, help="of the tests' random numbers (default: 0)")


def pytest_configure(config: pytest.Config) -> None:
    """Find the course, and judge it if there is one."""
    config.addinivalue_line("markers", "task(name): the task that a test of an exercise judges")
    config.addinivalue_line(
        "markers", "forbid(*names, reason): the calls that the task asks to do without"
    )
    found = exercises(config.rootpath)
    if not found:
        return
    name_user()
    _demand_device(config.getoption("device"))
    config.option.answers = str(_answers_folder(config))
    if getattr(config.option, "maxworkerrestart", "") is None:
        # An answer may end a worker in each of its tests, and the others are still to be judged.
        config.option.maxworkerrestart = "1000"
    if not _is_worker(config):
        _demand_exercises(config)
        config.pluginmanager.register(Screen(config, found), "gradkata-screen")
    config.pluginmanager.register(Judge(config, found), "gradkata-judge")
    # An assert in what several tests share tells its values as one in a test does.
    pytest.register_assert_rewrite(*(_module_name(e.tests / "shared.py", config) for e in found))


def _module_name(file: Path, config: pytest.Config) -> str:
    """Return the name by which pytest imports a file that is in no package."""
    return ".".join(file.relative_to(config.rootpath).with_suffix("").parts)


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def _demand_device(name: str) -> None:
    if name == "mps":
        raise pytest.UsageError(
            "--device mps: MPS has no float64, in which the course computes; "
            "--device cpu works everywhere"
        )
    if name not in _DEVICES:
        near = difflib.get_close_matches(name, _DEVICES, n=1, cutoff=0)
        raise pytest.UsageError(f"--device {name}: no such device; did you mean {near[0]}?")
    if name == "cpu":
        return
    import torch

    if not torch.cuda.is_available():
        raise pytest.UsageError(
            f"--device cuda: torch {torch.__version__} sees no CUDA device here; "
            "--device cpu works everywhere"
        )


def _answers_folder(config: pytest.Config) -> Path:
    given = str(config.getoption("answers"))
    places = [config.invocation_params.dir / given, config.rootpath / given]
    found = next((place.resolve() for place in places if place.is_dir()), None)
    if found is not None:
        _refuse_one_exercise(found, config.rootpath)
        return found
    siblings = [f.name for f in places[-1].parent.glob("*") if f.is_dir() and f.name[0] != "."]
    near = difflib.get_close_matches(Path(given).name, siblings, n=1)
    raise pytest.UsageError(
        f"--answers {given}: no such folder" + (f"; did you mean {near[0]}?" if near else "")
    )


def _refuse_one_exercise(answers: Path, root: Path) -> None:
    if any(answers.name == exercise.name for exercise in exercises(root)):
        raise pytest.UsageError(
            f"--answers takes the folder that holds {answers.name}: --answers {answers.parent}"
        )


def _demand_exercises(config: pytest.Config) -> None:
    """Say which exercise was meant, where pytest would only say that a path does not exist."""
    for argument in config.args:
        path = config.invocation_params.dir / argument.partition("::")[0]
        _refuse_answers_as_tests(path, config.rootpath)
        in_course = config.rootpath / "exercises" in (path.parent, path.resolve().parent)
        if path.exists() or not (in_course or path.name[:1].isdigit()):
            continue
        try:
            near = find_exercise(config.rootpath, path.name)
        except UnknownName as unknown:
            raise pytest.UsageError(str(unknown)) from None
        raise pytest.UsageError(f"no exercise matches '{path.name}'; did you mean {near.name}?")


def _refuse_answers_as_tests(path: Path, root: Path) -> None:
    for exercise in exercises(root):
        if path.resolve() == exercise.file:
            raise pytest.UsageError(
                f"{path.name} holds answers, not tests; judge it with: "
                f"pytest exercises/{exercise.name}"
            )


@pytest.fixture(scope="session")
def device(request: pytest.FixtureRequest) -> torch.device:
    """Where a test's tensors live: `--device`."""
    import torch

    return torch.device(request.config.getoption("device"))


class TestFiles:
    """The files of an exercise's tests as they were when they were read."""

    __test__ = False

    def __init__(self, items: Sequence[Any]) -> None:
        modules = {item.path: item.module for item in items}
        for path, module in list(modules.items()):
            shared = sys.modules.get(f"{module.__name__.rpartition('.')[0]}.shared")
            modules |= {path.with_name("shared.py"): shared} if shared else {}
        self.modules = Untouched({path.stem: module for path, module in modules.items()})
        self.read = {path: (_stamp(path), progress.digest(path)) for path in modules}

    def changes(self) -> list[str]:
        """Return a phrase for each file that is another; it may be somebody's work, and stays."""
        changed = []
        for path, (stamp, digest) in self.read.items():
            now = _stamp(path)
            if now != stamp:
                self.read[path] = now, progress.digest(path)
                changed += [f"{path.name} has been written to"] * (self.read[path][1] != digest)
        return changed


def _stamp(path: Path) -> tuple[int, ...]:
    with contextlib.suppress(OSError):
        found = path.stat()
        return found.st_mtime_ns, found.st_size, found.st_ino
    return ()


class Judge:
    """Runs each test on a learner's answer, and turns its outcome into a verdict."""

    def __init__(self, config: pytest.Config, found: tuple[Exercise, ...]) -> None:
        self.config = config
        self.answers = Path(config.getoption("answers"))
        self.by_folder = {exercise.tests: exercise for exercise in found}
        self.finder = AnswerFinder({e.topic: e.answer_in(self.answers) for e in found})
        self.limit = 0.0
        self.started = 0.0
        self.totals: dict[Path, int] = {}
        self.state: GlobalState | None = None
        self.endless: dict[tuple[str, str], BaseException] = {}
        self.is_last_of_task = True
        self.through: pytest.Item | None = None
        self.changed: list[str] = []
        self.harness: Untouched | None = None
        self.around: Untouched | None = None
        self.tests: dict[Path, TestFiles] = {}
        self.explained: tuple[BaseException | None, str, dict[str, Any]] = None, "", {}
        self.finder.install()
        # A thread is a daemon if the one that starts it is: an endless one then holds up no exit.
        vars(threading.main_thread())["_daemonic"] = True

    def pytest_unconfigure(self) -> None:
        """Leave no module of a learner behind."""
        vars(threading.main_thread())["_daemonic"] = False
        self.finder.remove()

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_make_collect_report(
        self, collector: pytest.Collector
    ) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        """Count each task's tests before `--lf`, `-k` or a test's name leaves some of them out."""
        report = yield
        if isinstance(collector, pytest.Module) and collector.path.parent in self.by_folder:
            found = (item for node in report.result for item in _items_of(node))
            self.totals[collector.path] = sum(task_of(item) is not None for item in found)
        return report

    def pytest_itemcollected(self, item: pytest.Item) -> None:
        """Tie each test to its task; reports and JUnit get both as properties."""
        exercise, task = self.by_folder.get(item.path.parent), task_of(item)
        if exercise is not None and task is not None:
            item.stash[_TEST] = TaskTest(exercise, task, exercise.answer_in(self.answers))
            item.extra_keyword_matches.add(task)
            item.user_properties += [("exercise", exercise.name), ("task", task)]
            # Formatting a traceback that is then thrown away would cost more than the test.
            item.repr_failure = self._words_for(item, item.repr_failure)  # type: ignore[method-assign]

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Put each exercise's tests into the order of its tasks, the easier ones first."""
        exercises = list(dict.fromkeys(item.path.parent for item in items))
        order = {e.tests: e.tasks for e in self.by_folder.values() if e.tests in exercises}

        def place(item: pytest.Item) -> tuple[int, int]:
            tasks, task = order.get(item.path.parent, ()), task_of(item)
            return exercises.index(item.path.parent), tasks.index(task) if task in tasks else 0

        items.sort(key=place)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Import torch before a test's time runs, and take it out of every garbage collection."""
        judged = [item for item in session.items if _TEST in item.stash]
        if judged:
            import gradkata.checks  # noqa: F401 — one of the modules that are looked at
            from gradkata.plugin.global_state import GlobalState

            self.state = GlobalState()
            self.harness, self.around = Untouched(harness()), Untouched(around())
            for folder in {item.path.parent for item in judged}:
                self.tests[folder] = TestFiles([i for i in judged if i.path.parent == folder])
            gc.freeze()

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(
        self, item: pytest.Item, nextitem: pytest.Item | None
    ) -> Generator[None, object, object]:
        """Note when a test starts, before its time limit does, and if it is its task's last."""
        self.started, self.limit = time.monotonic(), 0.0
        self.changed = []
        self.is_last_of_task = nextitem is None or task_of(nextitem) != task_of(item)
        return (yield)

    @pytest.hookimpl(wrapper=True, optionalhook=True)
    def pytest_timeout_set_timer(self, settings: Any) -> Generator[None, object, object]:
        """Note the test's own limit; without one this hook is not called."""
        self.limit = settings.timeout
        return (yield)

    def pytest_enter_pdb(self) -> None:
        """Lift the limit for whoever looks around."""
        self.limit = 0.0

    @pytest.hookimpl(wrapper=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> Generator[None, object, object]:
        """Run the learner's file and then the test, and let nothing that they do get past."""
        test = pyfuncitem.stash.get(_TEST, None)
        if test is None:
            return (yield)
        self._seed(pyfuncitem)
        changes = self._changes(pyfuncitem, thorough=self.is_last_of_task)
        next(changes)
        try:
            with lent_streams():
                self._prepare(test, pyfuncitem)
                with (
                    self._stopped_once(test),
                    _no_side_effects(self._state_before(pyfuncitem)),
                    _no_escape(self._demand_time_left),
                    _guards_of(pyfuncitem),
                ):
                    result = yield
        finally:
            self.changed = next(changes)
        if self.changed:
            raise Escape(f"it leaves a change behind: {'; '.join(self.changed)}")
        self.through = pyfuncitem
        return result

    def _changes(self, item: pytest.Item, *, thorough: bool) -> Generator[list[str], None, None]:
        """Yield nothing and then, for each change in what judges, a phrase; it is put back."""
        assert self.harness is not None
        assert self.around is not None
        tests = self.tests[item.path.parent]
        looked_at = [self.harness, tests.modules, *([self.around] if thorough else [])]
        of_each = [modules.changes(thorough=thorough) for modules in looked_at]
        yield [phrase for changes in of_each for phrase in next(changes)]
        changed = [phrase for changes in of_each for phrase in next(changes)]
        yield [*changed, *tests.changes()]

    def _state_before(self, item: pytest.Function) -> GlobalState:
        """Return the global state of now, which costs less if no fixture can have changed it."""
        from gradkata.plugin.global_state import GlobalState

        alone = _fixtures_of(item) <= {"device", "request"}
        self.state = GlobalState(after=self.state if alone else None)
        return self.state

    def _seed(self, item: pytest.Item) -> None:
        import numpy as np
        import torch

        from gradkata.checks.samples import seed_samples

        # Of the name, not of the path or the order: a test draws the same numbers wherever it runs.
        seed = zlib.crc32(f"{self.config.getoption('seed')} {item.name}".encode())
        seed_samples(seed)
        # torch.manual_seed looks at every kind of device there may be, for 2 ms a test.
        on_cpu = self.config.getoption("device") == "cpu"
        (torch.default_generator.manual_seed if on_cpu else torch.manual_seed)(seed)
        np.random.seed(seed)

    def _prepare(self, test: TaskTest, item: pytest.Function) -> None:
        """Run the learner's file if it has not run yet, and demand that it has the task."""
        if (test.exercise.name, test.task) in self.endless:
            raise self.endless[test.exercise.name, test.task]
        module = sys.modules.get(test.exercise.topic)
        loader = getattr(module, "__loader__", None)
        if module is None or not isinstance(loader, AnswerLoader):
            raise BrokenFile(f"{item.path.name} does not import {test.exercise.topic}")
        try:
            if loader.executed:
                loader.execute(module)
            else:
                try:
                    with (
                        _no_escape(self._demand_time_left),
                        _no_side_effects(self._state_before(item)),
                        _no_changes(self._changes(item, thorough=True)),
                    ):
                        loader.execute(module)
                finally:
                    self.config.hook.pytest_answer_executed()
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            loader.failure = error
            raise BrokenFile from error
        if not hasattr(module, test.task):
            raise MissingTask(test.task)

    def _demand_time_left(self) -> None:
        """Fail what swallowed the exception of the time limit."""
        if self.limit and time.monotonic() - self.started >= self.limit:
            raise Escape(
                f"it does not end: stopped after {self.limit:g} s, and went on all the same"
            )

    @contextlib.contextmanager
    def _stopped_once(self, test: TaskTest) -> Iterator[None]:
        """Wait for an endless task once, not once for each of its tests."""
        try:
            yield
        except pytest.fail.Exception as stopped:
            if "Timeout" in str(stopped):
                self.endless[test.exercise.name, test.task] = stopped
            raise

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Put the verdict into the report, in plain values that travel between processes."""
        report = yield
        test = item.stash.get(_TEST, None)
        if test is None:
            return report
        _make_visible(report)
        if report.when != "call" and not report.failed:
            return report
        error = call.excinfo.value if call.excinfo else None
        if error is None and self.through is not item:
            error = Escape(f"the test did not run to its end{self._why_not(item)}")
        verdict = self._verdict(item, test, error)
        if verdict.state != State.DONE and not report.failed:
            report.outcome, report.longrepr = "failed", verdict_text(verdict)
        printed = report.capstdout.splitlines() if report.failed else []
        known = [(name, value) for name, value in item.user_properties if name != "state"]
        item.user_properties = [*known, ("state", str(verdict.state))]
        report.user_properties = list(item.user_properties)
        vars(report)["verdict"] = verdict.as_dict() | {"printed": printed}
        return report

    @pytest.hookimpl(tryfirst=True)
    def pytest_warning_recorded(self, warning_message: warnings.WarningMessage) -> None:
        """Replace a warning's class if only the learner's module has it: xdist asks for it."""
        kind = warning_message.category
        if isinstance(getattr(sys.modules.get(kind.__module__), "__loader__", None), AnswerLoader):
            warning_message.message = f"{kind.__name__}: {warning_message.message}"
            warning_message.category = UserWarning

    def _why_not(self, item: pytest.Item) -> str:
        *_, now = self._changes(item, thorough=True)
        changed = [*self.changed, *now]
        return f": {'; '.join(changed)}" if changed else ""

    def _words_for(self, item: pytest.Item, usual: Callable[..., Any]) -> Callable[..., Any]:
        def words(excinfo: pytest.ExceptionInfo[BaseException], *_: object) -> Any:
            verdict = self._verdict(item, item.stash[_TEST], excinfo.value)
            if self.config.getoption("fulltrace", False) and not _has_no_end(verdict.lines):
                # pytest itself takes any text for one that can be told.
                with contextlib.suppress(Exception, Endless), time_limit(LIMIT):
                    return usual(excinfo)
            return verdict_text(verdict)

        return words

    def _explained(self, error: BaseException, test: TaskTest) -> dict[str, Any]:
        """Explain an error once, and remember a task whose error has a text without end."""
        # Of a file that cannot be run, each test raises the same failure anew.
        broken = isinstance(error, BrokenFile) and error.__cause__ is not None
        origin, task = (error.__cause__, "") if broken else (error, test.task)
        if origin is not self.explained[0] or task != self.explained[1]:
            self.explained = origin, task, _explained(error, test)
        found = self.explained[2]
        if _has_no_end(found.get("lines", ())):
            self.endless.setdefault((test.exercise.name, test.task), error)
        return found

    def _verdict(self, item: pytest.Item, test: TaskTest, error: BaseException | None) -> Verdict:
        found: dict[str, Any] = {"state": State.DONE}
        name = test_name(item)
        if error is not None:
            found = self._explained(error, test)
            if found["state"] == State.WRONG and not found.get("whole_file"):
                found = found | {"found_at": _place_of(test.exercise, name, self.config)}
        verdict = Verdict(
            exercise=test.exercise.name,
            task=test.task,
            test=name,
            of=self.totals.get(item.path) or 1,
            file=_shown_path(test.file, self.config),
            **found,
        )
        return made_visible(verdict) if error is not None else verdict


def _make_visible(report: pytest.TestReport) -> None:
    """Let nothing that was printed, or stands in a traceback, drive a terminal."""
    report.longrepr = made_visible(report.longrepr)
    report.sections = [(title, _visible_section(title, text)) for title, text in report.sections]


def _visible_section(title: str, text: str) -> str:
    return visible_output(_LEVEL.sub(r"\1", text) if " log " in title else text)


# As pytest paints the level of what was logged.
_LEVEL = re.compile(r"(?:\x1b\[[\d;]*m)+([A-Z]+ *)\x1b\[0m")


def _explained(error: BaseException, test: TaskTest) -> dict[str, Any]:
    with _watched_interrupts() as pressed:
        try:
            with time_limit(2 * LIMIT):
                return explain(error, test.exercise, test.task, test.file)
        except BaseException as unsaid:  # from what a learner has made of the error
            if pressed:
                raise
            words = f"{name_of(error)}, whose text raises {name_of(unsaid)}"
            return {"state": State.WRONG, "lines": [words]}


def _has_no_end(lines: Sequence[str]) -> bool:
    return any(NO_END in line for line in lines)


def _items_of(node: pytest.Item | pytest.Collector) -> Iterator[pytest.Item]:
    if isinstance(node, pytest.Item):
        yield node
    elif isinstance(node, pytest.Collector):
        for inner in node.collect():
            yield from _items_of(inner)


def _fixtures_of(item: pytest.Function) -> set[str]:
    parameters = getattr(item, "callspec", None)
    return set(item.fixturenames) - set(parameters.params if parameters else ())


def test_name(item: pytest.Item) -> str:
    """Return the name of a test within its exercise: `test_Square.py::test_x[case]`."""
    return f"{item.path.name}::{item.nodeid.partition('::')[2]}"


def task_of(item: pytest.Item) -> str | None:
    """Return the task that a test is marked with."""
    marker = item.get_closest_marker("task")
    return str(marker.args[0]) if marker else None


def _shown_path(file: Path, config: pytest.Config) -> str:
    for base in (config.invocation_params.dir, config.rootpath):
        if file.is_relative_to(base):
            return file.relative_to(base).as_posix()
    return file.as_posix()


def _place_of(exercise: Exercise, test: str, config: pytest.Config) -> str:
    """Return the file and line of a test, as editors and terminals link them."""
    return _shown_path(exercise.root / exercise.place_of(test), config)


@contextlib.contextmanager
def _guards_of(item: pytest.Item) -> Iterator[None]:
    from gradkata.checks.guards import forbid

    with contextlib.ExitStack() as guards:
        for marker in item.iter_markers("forbid"):
            guards.enter_context(forbid(*marker.args, **marker.kwargs))
        yield


@contextlib.contextmanager
def _no_side_effects(before: GlobalState) -> Iterator[None]:
    """Put global state back, and fail what passed in spite of having changed it."""
    try:
        yield
    except BaseException:
        before.restore()
        raise
    changed = before.restore()
    if changed:
        raise Escape(f"it leaves a change behind: {'; '.join(changed)}")


@contextlib.contextmanager
def _no_changes(changes: Generator[list[str], None, None]) -> Iterator[None]:
    """Put back what judges, and fail what passed in spite of having changed it."""
    next(changes)
    try:
        yield
    finally:
        changed = next(changes)
    if changed:
        raise Escape(f"it leaves a change behind: {'; '.join(changed)}")


@contextlib.contextmanager
def _no_escape(at_the_end: Callable[[], None]) -> Iterator[None]:
    """Turn every way out that would hide a result into a failure."""
    with _watched_interrupts() as pressed:
        try:
            yield
        except BaseException as error:
            words = _way_out(error)
            if pressed or not words:
                raise
            raise Escape(words) from error
    at_the_end()


def _way_out(error: BaseException) -> str:
    """Name what would have hidden a result; an ordinary error gives an empty text."""
    if isinstance(error, pytest.exit.Exception) and error.msg == "Quitting debugger":
        return ""  # the learner has typed q
    for kind, words in _WAYS_OUT.items():
        if isinstance(error, kind):
            return words
    if isinstance(error, Exception | pytest.fail.Exception):
        return ""
    return f"it raises {type(error).__name__}, which is for stopping the whole program"


_WAYS_OUT: dict[type[BaseException], str] = {
    pytest.xfail.Exception: "it calls pytest.xfail(): an expected failure is not an answer",
    pytest.skip.Exception: "it calls pytest.skip(): a skipped test is not a passed one",
    unittest.SkipTest: "it raises SkipTest: a skipped test is not a passed one",
    pytest.exit.Exception: "it calls pytest.exit(): return instead",
    SystemExit: "it calls sys.exit(): return instead",
}


@contextlib.contextmanager
def _watched_interrupts() -> Iterator[list[int]]:
    """Tell Ctrl-C from a KeyboardInterrupt that a learner's code raises."""
    pressed: list[int] = []
    usual = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(usual):
        yield pressed
        return

    def on_press(number: int, frame: Any) -> None:
        pressed.append(number)
        usual(number, frame)

    signal.signal(signal.SIGINT, on_press)
    try:
        yield pressed
    finally:
        signal.signal(signal.SIGINT, usual)


class Screen:
    """Shows what was found: a sign for each test, the faults, the board, and what to type next."""

    def __init__(self, config: pytest.Config, found: tuple[Exercise, ...]) -> None:
        self.config = config
        self.found = found
        self.board = Board(found)
        self.broken = False
        self.guarded = False
        self.fingerprints = {e.name: progress.fingerprint(e) for e in found}

    def pytest_report_collectionfinish(self) -> list[str]:
        """Say what is not as usual: other answers, another device, another seed."""
        shown = _shown_path(Path(self.config.getoption("answers")), self.config)
        device, seed = self.config.getoption("device"), self.config.getoption("seed")
        unusual = [
            *([] if self._own_answers() else [f"answers {shown}"]),
            *([] if device == "cpu" else [f"device {device}"]),
            *([] if seed == 0 else [f"seed {seed}"]),
        ]
        return [" · ".join(unusual)] if unusual else []

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Guard the terminal from now on, if a learner's code will run."""
        if any(_TEST in item.stash for item in session.items):
            self._guard_terminal()

    def _guard_terminal(self) -> None:
        """Make visible whatever else of a learner's text pytest writes, such as a live log."""
        writer = getattr(self.config.pluginmanager.get_plugin("terminalreporter"), "_tw", None)
        if writer is None or self.guarded:
            return
        usual, self.guarded = writer.write, True

        def write(text: str, **markup: bool) -> None:
            usual(visible_but_colours(text), **markup)

        writer.write = write

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take in each verdict, also of a test whose process died."""
        verdict = getattr(report, "verdict", None) or self._of_dead_process(report)
        if verdict is not None:
            self._guard_terminal()
            vars(report)["verdict"] = verdict
            self.board.add(Verdict.from_dict(verdict))

    def _of_dead_process(self, report: pytest.TestReport) -> dict[str, Any] | None:
        if not report.failed or report.when in ("setup", "call", "teardown"):
            return None
        path, _, name = report.nodeid.partition("::")
        for exercise in self.found:
            task = exercise.task_of_file(self.config.rootpath / path)
            if task is not None:
                file = exercise.answer_in(Path(self.config.getoption("answers")))
                test = f"{Path(path).name}::{name}"
                return Verdict(
                    exercise=exercise.name,
                    task=task,
                    test=test,
                    state=State.WRONG,
                    file=_shown_path(file, self.config),
                    lines=["the process that ran it ended in the middle of a test"],
                    found_at=_place_of(exercise, test, self.config),
                ).as_dict()
        return None

    @pytest.hookimpl(tryfirst=True)
    def pytest_report_teststatus(self, report: pytest.TestReport) -> Any:
        """Give each test its task's sign; to pytest it stays passed or failed."""
        verdict = getattr(report, "verdict", None)
        if verdict is None or report.when in ("setup", "teardown"):
            return None
        sign = SIGNS[verdict["state"]]
        return report.outcome, self._text(sign), (verdict["state"].upper(), _markup_of(sign))

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_terminal_summary(
        self, terminalreporter: pytest.TerminalReporter
    ) -> Generator[None, None, None]:
        """Show our words in place of pytest's tracebacks, which `--full-trace` brings back."""
        every = terminalreporter.getreports

        def of_others(name: str) -> list[Any]:
            return [report for report in every(name) if not hasattr(report, "verdict")]

        if not self.config.getoption("fulltrace", False):
            vars(terminalreporter)["getreports"] = of_others
        for warning in terminalreporter.stats.get("warnings", []):
            warning.message = visible(warning.message)
        yield
        vars(terminalreporter).pop("getreports", None)
        self._show(terminalreporter)

    def _show(self, terminal: pytest.TerminalReporter) -> None:
        blocks = [self._to_do_lines(), self.board.rows(terminal._tw.fullwidth)]
        blocks += [self._fault_lines(verdict) for verdict in self.board.faults()]
        terminal.ensure_newline()
        for block in filter(None, blocks):
            for number, line in enumerate(block):
                self._line(terminal, line, bold=number == 0 and line.startswith(SIGNS[State.WRONG]))
            terminal.line("")

    def _to_do_lines(self) -> list[str]:
        to_do = self.board.to_do()
        width = max((len(verdict.task) for verdict in to_do), default=0)
        return [f"{SIGNS[State.TO_DO]} {v.task:{width}}   {v.place}   to do" for v in to_do]

    def _fault_lines(self, verdict: Verdict) -> list[str]:
        below = [*found_by(verdict.test, verdict.found_at), *last_printed(verdict.printed)]
        return [*verdict_text(verdict).splitlines(), *(f"    {line}" for line in below)]

    @pytest.hookimpl(tryfirst=True)
    def pytest_internalerror(self) -> None:
        """Remember that the run was cut short, which xdist forgets."""
        self._guard_terminal()
        self.broken = True

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Generator[None, None, None]:
        """Close with what to type next, after pytest's own closing line."""
        yield
        if self.broken:
            session.exitstatus = pytest.ExitCode.INTERNAL_ERROR
            return
        self._remember()
        terminal = session.config.pluginmanager.get_plugin("terminalreporter")
        if terminal is not None and self.board.records:
            terminal.line(self._text(self.board.closing_line(self._following())))

    def _following(self) -> Exercise | None:
        """Return the first exercise that is not known to be done."""
        if not self._own_answers():
            return None
        return next((e for e in self.found if not progress.is_done(e)), None)

    def _own_answers(self) -> bool:
        return Path(self.config.getoption("answers")) == self.config.rootpath / "exercises"

    def _remember(self) -> None:
        """Keep the states for `kata`, unless a file was saved while its tests ran."""
        if not self._own_answers():
            return
        for exercise in self.found:
            states = {r.name: r.state for r in self.board.records if r.exercise is exercise}
            known = {task: state for task, state in states.items() if state != State.PART}
            if known and progress.fingerprint(exercise) == self.fingerprints[exercise.name]:
                progress.remember_states(exercise, known)

    def _line(self, terminal: pytest.TerminalReporter, text: str, **markup: bool) -> None:
        """Write a line, its signs coloured."""
        for piece in re.split(f"([{''.join(SIGNS.values())}])", text):
            terminal.write(self._text(piece), **(markup | _markup_of(piece)))
        terminal.line("")

    def _text(self, text: str) -> str:
        return as_encoded(visible(text), getattr(sys.stdout, "encoding", None))


def _markup_of(sign: str) -> dict[str, bool]:
    """Return what pytest's terminal takes for the colour of a sign."""
    return {COLOURS[sign]: True} if sign in SIGNS.values() and sign != "?" else {}
