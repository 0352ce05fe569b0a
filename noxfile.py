"""The sessions: each one's first line is the promise it checks."""

from __future__ import annotations

import os
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nox

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "virtualenv"
nox.options.reuse_venv = "yes"
nox.options.sessions = ["lint", "types", "tests"]

ROOT = Path(__file__).parent
PYPROJECT = nox.project.load_toml(ROOT / "pyproject.toml")

# What a public host reads, by the name of its schema.
HOST_FILES = {
    schema: [file.relative_to(ROOT).as_posix() for file in sorted(ROOT.glob(f".github/{pattern}"))]
    for schema, pattern in (
        ("workflows", "workflows/*.yml"),
        ("issue-forms", "ISSUE_TEMPLATE/[!c]*.yml"),
        ("issue-config", "ISSUE_TEMPLATE/config.yml"),
    )
}

WHY_NO_CUDA = """
try:
    import torch
except ImportError as error:
    print(error)
else:
    if not torch.cuda.is_available():
        print(f"torch {torch.__version__} sees no CUDA device")
"""


@nox.session(venv_backend="none")
def kata(session: nox.Session) -> None:
    """One command on a fresh clone sets everything up in .venv and starts the course.

    Arguments after `--` go to `kata`. An existing .venv is used as it is, never deleted; one that
    was moved with its folder is mended.
    GRADKATA_EXTRA_INDEX_URL names a package index to look for torch in beside pip's own.
    """
    windows = os.name == "nt"
    programs = ROOT / ".venv" / ("Scripts" if windows else "bin")
    python = programs / ("python.exe" if windows else "python")
    was_moved = python.exists() and _names_another_place(programs)
    if was_moved or not python.exists():
        session.log("mending .venv, which was moved" if was_moved else "making .venv")
        # By way of nox's own environment: it has virtualenv, the user's Python may not.
        session.run(sys.executable, "-m", "virtualenv", "-q", ROOT / ".venv", log=False)

    session.log("installing torch and the course into .venv; the first time takes minutes")
    pip = (python, "-m", "pip", "install", "-q", "--disable-pip-version-check")
    session.run(*pip, *_requirements("course"), "-e", ".", log=False)
    if was_moved:
        # Its first line names the Python of the old place.
        session.run(*pip, "--force-reinstall", "--no-deps", "pytest", log=False)

    activate = r".venv\Scripts\activate" if windows else "source .venv/bin/activate"
    session.log(f"to have kata and pytest at hand, type in each new terminal: {activate}")
    session.run(programs / "kata", *session.posargs, log=False)


def _names_another_place(programs: Path) -> bool:
    """Tell whether what activates an environment leads to another place than where it is."""
    activate = programs / "activate"
    return activate.is_file() and str(programs.parent) not in activate.read_text(encoding="utf-8")


@nox.session
def cpu(session: nox.Session) -> None:
    """The answers pass the exercises' tests on the CPU.

    Arguments after `--` go to pytest: `--answers solutions` judges our answers, not yours.
    With `--no-venv` it uses the torch, and everything else, that `python` already has.
    """
    _install_course(session)
    _run_exercises(session, "cpu", *session.posargs)


@nox.session
def cuda(session: nox.Session) -> None:
    """The answers pass the exercises' tests on CUDA; without a CUDA device it is skipped.

    Arguments after `--` go to pytest: `--answers solutions` judges our answers, not yours.
    With `--no-venv` it uses the torch, and everything else, that `python` already has.
    """
    _demand_cuda(session, "course")
    _run_exercises(session, "cuda", *session.posargs)


@nox.session
def gpu(session: nox.Session) -> None:
    """The course judges all kept answers on CUDA as on the CPU; without a device it is skipped.

    Arguments after `--` go to pytest. With `--no-venv` it uses what `python` already has.
    """
    _demand_cuda(session, "tests")
    tests = ("tests/test_cuda.py", "tests/test_kept_answers.py")
    own = (*_pytest_of_tests()[1:], *tests, "--device", "cuda")
    session.run(*_pytest_with_src(session), *own, *session.posargs, env=ONE_THREAD | _with_src())


def _demand_cuda(session: nox.Session, group: str) -> None:
    """Install a group and the course if there may be a CUDA device, and skip if there is none."""
    if session.venv_backend != "none" and not _has_nvidia_driver():
        # Asked before torch for CUDA, several gigabytes, is installed in vain.
        session.skip("no CUDA here: neither nvidia-smi nor /dev/nvidia0 is there")
    _install_course(session, group)
    ask = (_python(session), "-W", "ignore", "-c", WHY_NO_CUDA)
    reason = str(session.run(*ask, silent=True, log=False) or "").strip()
    if "No module" in reason:
        session.error(f"{reason}: activate the environment that has torch, or leave out --no-venv")
    if reason:
        session.skip(f"no CUDA here: {reason}")


@nox.session
def lint(session: nox.Session) -> None:
    """The code is clean, its rooms in order, stubs and table in step, workflows and forms valid.

    Arguments after `--` go to `ruff check`, such as `--fix`.
    """
    session.install("-q", *_requirements("lint"))
    session.run("ruff", "check", *session.posargs)
    session.run("ruff", "format", "--check")
    session.run("lint-imports", "--no-logo", "--no-cache", env={"PYTHONPATH": "src"})
    for texts in ("stubs", "contents"):
        script = ("python", "-m", f"gradkata.course.{texts}", "--check")
        session.run(*script, env={"PYTHONPATH": "src"})
    for schema, files in HOST_FILES.items():
        session.run("check-jsonschema", "--builtin-schema", f"vendor.github-{schema}", *files)
    # The fork of actionlint that comes as a wheel, and demands pins, permissions and time limits.
    # The scripts are single commands: what other programs would say of them is left out.
    alone = ("--shellcheck=", "--pyflakes=")
    session.run("jactionlint", "--strict-exit", *alone, *HOST_FILES["workflows"])


# Of another system only the names are in question that it lacks.
ELSEWHERE = ("--config-file", "tools/mypy_elsewhere.ini")


@nox.session
def types(session: nox.Session) -> None:
    """Mypy, strict, finds nothing in the harness, on three systems, the stubs and the solutions.

    Arguments after `--` go to each run of mypy.
    """
    session.install("-q", *UNCOMPILED, *_requirements("types"), "-e", ".")
    # A name that one system has another may lack. Each has a cache of its own.
    harness = ("src", "noxfile.py", "conftest.py", "tools")
    runs = [
        ("mypy", *_platform(system), *(() if system == sys.platform else ELSEWHERE), *harness)
        for system in ("linux", "darwin", "win32")
    ]
    with ThreadPoolExecutor() as side_by_side:
        answers = side_by_side.submit(_check_types_of_answers, session)
        list(side_by_side.map(lambda run: session.run(*run, *session.posargs), runs))
        answers.result()


def _check_types_of_answers(session: nox.Session) -> None:
    """Check stubs and solutions apart, for a stub and its solution are modules of one name."""
    # What torch leaves untyped, Function above all, an answer may call and return.
    untyped = ("--allow-untyped-calls", "--no-warn-return-any")
    mypy = ("mypy", "--platform", sys.platform, "--cache-dir", ".mypy_cache/answers", *untyped)
    for folder in ("exercises", "solutions"):
        # File by file: 03_custom_function is no name that mypy would look for modules in.
        session.run(*mypy, *session.posargs, *_modules(folder))


@nox.session
def tests(session: nox.Session) -> None:
    """The harness keeps its contracts, and the course judges right and wrong answers rightly.

    Arguments after `--` go to pytest; without a path among them all of `tests` runs.
    """
    session.install("-q", *UNCOMPILED, *_requirements("tests"), "-e", ".")
    session.run(*_pytest_of_tests(), *session.posargs, env=ONE_THREAD)


@nox.session
def grade(session: nox.Session) -> None:
    """Grading holds against each hostile answer, the heavy ones too, in a sandbox.

    Arguments after `--` go to pytest. It needs bubblewrap, and a machine where a fork bomb that is
    stopped late does no harm.
    """
    session.install("-q", *_requirements("tests"), "-e", ".[workshop]")
    options = ("-o", "timeout=300", "-o", "faulthandler_timeout=0", "-rfE")
    files = [file.as_posix() for file in sorted(Path("tests").glob("test_grading_*.py"))]
    heavy = ONE_THREAD | {"GRADKATA_HEAVY": "1"}
    session.run("pytest", *options, *files, *session.posargs, env=heavy)


@nox.session
def room(session: nox.Session) -> None:
    """The room holds in a browser, when it is killed twenty times, and whatever is sent to it.

    Arguments after `--` go to pytest. The pages need a Chromium of the system.
    """
    session.install("-q", *_requirements("tests"), "schemathesis>=4", "-e", ".[workshop]")
    options = ("-o", "timeout=600", "-o", "faulthandler_timeout=0", "-rfEs")
    files = [file.as_posix() for file in sorted(Path("tests").glob("test_room_*.py"))]
    heavy = ONE_THREAD | {"GRADKATA_HEAVY": "1"}
    session.run("pytest", *options, *files, *session.posargs, env=heavy)


# More threads than one a worker would only take the cores from one another. Without bytecode each
# of the many processes that the tests start would compile the harness anew.
ONE_THREAD = {"OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": ""}

# To compile all of torch takes pip longer than what is imported of it, at the first import.
UNCOMPILED = ("--no-compile",)


def _pytest_of_tests() -> tuple[str, ...]:
    # Whole programs in a terminal may take long on a busy machine: no last resort for them.
    options = ("-o", "testpaths=tests", "-o", "timeout=120", "-o", "faulthandler_timeout=0")
    # One more than there are cores: some tests wait for a limit of time to pass.
    workers = str((os.cpu_count() or 1) + 1)
    return ("pytest", *options, "-n", workers, "--dist", "worksteal", "-rfE")


# What judges answers, or asks torch: the other tests hold on any version that imports.
TORCH_TESTS = tuple(
    f"tests/test_{name}.py"
    for name in (
        *("kept_answers", "lessons", "checks", "diagnosis", "guards"),
        *("global_state", "torch_internals"),
    )
)


@nox.session
def torch(session: nox.Session) -> None:
    """The course judges all kept answers on another version of torch as on the pinned one.

    The first argument after `--` is the version: `2.9.1`, `newest`, or `nightly`, for which
    GRADKATA_EXTRA_INDEX_URL names the index. Those after it go to pytest. With `--no-venv` it
    judges on the torch that `python` already has, which must be that version. A Python other
    than nox's own is `-P 3.12`. What was seen to pass is written down for `kata doctor`.
    """
    if not session.posargs:
        session.error("which torch? nox -s torch -- 2.9.1, or newest, or nightly")
    version, *arguments = session.posargs
    if session.venv_backend != "none":
        session.install("-q", *_requirements("tests", torch=_torch_requirement(version)), "-e", ".")
    elif version not in ("newest", "nightly"):
        ask = (_python(session), "-c", "import torch; print(torch.__version__)")
        there = str(session.run(*ask, silent=True, log=False)).strip().partition("+")[0]
        if there != version:
            session.error(f"python has torch {there}, not {version}")
    _judge_the_course(session, arguments, *TORCH_TESTS)


@nox.session
def minimums(session: nox.Session) -> None:
    """The whole course holds on the lowest version of everything that pyproject.toml allows.

    Arguments after `--` go to pytest. With `--no-venv` it uses what `python` already has, which
    must be just those versions.
    """
    lowest = [_lowest(r) for r in (*PYPROJECT["project"]["dependencies"], *_requirements("tests"))]
    wanted = [r for r in lowest if not r.startswith("torch==") or r == _lowest_torch()]
    if session.venv_backend != "none":
        session.install("-q", *wanted)
        session.install("-q", "--no-deps", "-e", ".")
    else:
        ask = (_python(session), "-c", NOT_LOWEST, *filter(_is_pin, wanted))
        other = str(session.run(*ask, silent=True, log=False) or "").strip()
        if other:
            session.error(f"python has {other}")
    _judge_the_course(session, session.posargs, "tests")


# A warning is an error, but for what newer versions of torch say of themselves as they are used.
STRICT = (
    *("-W", "error", "-W", "ignore:`torch.jit.script` is"),
    *("-W", "ignore:`torch.distributed.:FutureWarning"),
)


def _judge_the_course(session: nox.Session, arguments: list[str], *tests: str) -> None:
    python = _python(session)
    _run_exercises(session, "cpu", "--answers", "solutions", *STRICT)
    session.run(python, "-m", *_pytest_of_tests(), *tests, *arguments, env=ONE_THREAD)
    if not arguments:
        session.run(python, "-m", "gradkata.seen")


@nox.session
def bench(session: nox.Session) -> None:
    """The verdict is instant: each budget of speed, measured and printed as a table.

    Arguments after `--` go to tools/bench.py, such as `--saves 20` or numbers of exercises.
    """
    session.install("-q", *_requirements("bench"), "-e", ".")
    session.run("python", "tools/bench.py", *session.posargs)


@nox.session
def seeds(session: nox.Session) -> None:
    """No right answer fails on any of 200 seeds, with one thread or two; the margins are printed.

    Arguments after `--` go to tools/seeds.py, such as `--seeds 20` or numbers of exercises.
    """
    session.install("-q", *_requirements("tests"), "-e", ".")
    session.run("python", "tools/seeds.py", *session.posargs, env=ONE_THREAD)


@nox.session
def mutants(session: nox.Session) -> None:
    """Every change of a solution that breaks a sentence makes its task wrong.

    Each solution is mutated in one place after another. Mutants that break no sentence stand with
    the reason in tools/mutants/listed.toml. Arguments after `--` are numbers of exercises.
    """
    session.install("-q", *_requirements("mutants"), "-e", ".")
    env = ONE_THREAD | {"PYTHONPATH": str(ROOT / "tools")}
    session.run("python", "-m", "mutants", *session.posargs, env=env)


@nox.session
def book(session: nox.Session) -> None:
    """The course is a book for a browser, in `site/`; no link in it leads nowhere.

    Arguments after `--` go to Sphinx, such as `-E` to read every page anew.
    """
    session.install("-q", *_requirements("book"))
    paths = os.pathsep.join(str(ROOT / folder) for folder in ("src", "tools"))
    env = {"PYTHONPATH": paths, "GRADKATA_SITE": str(ROOT / "site")}
    session.run("python", "-m", "book", *session.posargs, env=env)
    # Without torch there is none of the harness's plugin, nor of what pyproject asks for others.
    settings = ("addopts=--import-mode=importlib", "faulthandler_timeout=0")
    options = [word for setting in settings for word in ("-o", setting)]
    unknown = [f"-Wignore::pytest.Pytest{kind}Warning" for kind in ("Config", "UnknownMark")]
    session.run("pytest", "--noconftest", *options, *unknown, "tests/test_book.py", env=env)


@nox.session(venv_backend="none")
def solutions(session: nox.Session) -> None:
    """The branch `solutions` is one commit on top of HEAD, in which the exercises are solved.

    It touches neither files nor index. Of arguments after `--` it knows only `--help`.
    """
    session.run(sys.executable, "tools/solutions_branch.py", *session.posargs, log=False)


def _requirements(group: str, torch: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return what pip installs for a group, from one index more if the environment names one.

    `torch` takes the place of the pinned one.
    """
    index = os.environ.get("GRADKATA_EXTRA_INDEX_URL")
    extra = ("--extra-index-url", index) if index else ()
    of_group = nox.project.dependency_groups(PYPROJECT, group)
    others = [r for r in of_group if not (torch and r.startswith("torch=="))]
    return (*extra, *torch, *others)


def _torch_requirement(version: str) -> tuple[str, ...]:
    if version in ("newest", "nightly"):
        return (*(["--pre"] * (version == "nightly")), "--upgrade", "torch")
    return (f"torch=={version}",)


def _lowest(requirement: str) -> str:
    """Return `pytest==9` for `pytest>=9`; what is pinned, or an option of pip's, stays."""
    return requirement.replace(">=", "==")


def _lowest_torch() -> str:
    return next(_lowest(r) for r in PYPROJECT["project"]["dependencies"] if r.startswith("torch"))


def _is_pin(requirement: str) -> bool:
    return "==" in requirement


# Prints which of the pinned versions are not the ones that are installed.
NOT_LOWEST = """
import sys
from importlib.metadata import PackageNotFoundError, version
from packaging.version import Version

def found(name):
    try:
        return Version(version(name))
    except PackageNotFoundError:
        return None

pins = [pin.split("==") for pin in sys.argv[1:]]
there = [(name, found(name), lowest) for name, lowest in pins]
other = [
    f"{name} {has or 'none'}, not {lowest}"
    for name, has, lowest in there
    if not has or Version(has.public) != Version(lowest)
]
print("; ".join(other))
"""


def _platform(system: str) -> tuple[str, ...]:
    """Return what mypy takes to check as on a system, with a cache of its own."""
    return "--platform", system, "--cache-dir", f".mypy_cache/{system}"


def _modules(folder: str) -> list[str]:
    """Return the module of each exercise in `exercises` or `solutions`."""
    topics = sorted((ROOT / folder).glob("[0-9][0-9]_*"))
    return [f"{folder}/{topic.name}/{topic.name[3:]}.py" for topic in topics]


def _install_course(session: nox.Session, group: str = "course") -> None:
    if session.venv_backend != "none":
        session.install("-q", *_requirements(group), "-e", ".")


def _python(session: nox.Session) -> str:
    """Return the name of the session's Python; some systems know their own as python3 only."""
    if session.venv_backend != "none" or shutil.which("python"):
        return "python"
    return "python3"


def _has_nvidia_driver() -> bool:
    return shutil.which("nvidia-smi") is not None or Path("/dev/nvidia0").exists()


def _run_exercises(session: nox.Session, device: str, *options: str) -> None:
    """Run the exercises on a device."""
    session.run(*_pytest_with_src(session), "--device", device, *options, env=_with_src())


def _pytest_with_src(session: nox.Session) -> tuple[str, ...]:
    """Return what runs pytest with the harness in `src`, also where it is not installed.

    The plugin is named by its module, since only an installed one has an entry point, and the entry
    point is closed, since a plugin may register once. The options of pytest-timeout
    in pyproject are unknown where it is missing: no reason to fail.
    """
    unknown = ("-W", "ignore:Unknown config option:pytest.PytestConfigWarning")
    plugin = ("-p", "no:gradkata", "-p", "gradkata.plugin")
    return _python(session), "-P", "-m", "pytest", *plugin, *unknown


def _with_src() -> dict[str, str]:
    paths = [str(ROOT / "src"), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    return {"PYTHONPATH": os.pathsep.join(filter(None, paths))}
