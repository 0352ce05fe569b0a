"""The sessions of nox: what they promise, what they install, and CUDA where there is none."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from unittest.mock import Mock

import nox
import pytest

ROOT = Path(__file__).resolve().parents[1]
PYPROJECT = nox.project.load_toml(ROOT / "pyproject.toml")

# Beside the other tests, on few cores, a nox that starts a pytest that starts torch takes its time.
pytestmark = pytest.mark.timeout(120)

# A session that uses what is there finds this Python first, and no device.
ENVIRONMENT = os.environ | {
    "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
    "CUDA_VISIBLE_DEVICES": "",
    "NO_COLOR": "1",
}


def run_nox(*arguments):
    command = [sys.executable, "-m", "nox", "-f", str(ROOT / "noxfile.py"), *arguments]
    return subprocess.run(
        command, env=ENVIRONMENT, check=False, capture_output=True, text=True, encoding="utf-8"
    )


@pytest.fixture(scope="module")
def noxfile() -> ModuleType:
    spec = importlib.util.spec_from_file_location("noxfile", ROOT / "noxfile.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def session():
    """A session in an environment of its own that records what it is asked to do."""
    return Mock(nox.Session, posargs=[], venv_backend="virtualenv")


@pytest.mark.parametrize(
    "name",
    [
        *("kata", "cpu", "cuda", "gpu", "lint", "types", "tests", "torch", "minimums"),
        *("bench", "book", "grade", "mutants", "room", "seeds", "solutions"),
    ],
)
def test_the_list_shows_each_session_with_its_promise(name):
    listed = run_nox("--list").stdout

    assert re.search(rf"^[*-] {name} -> [A-Z].{{30,}}\.$", listed, re.MULTILINE)


def test_nox_alone_runs_lint_types_and_tests():
    listed = run_nox("--list").stdout.splitlines()

    assert [line.split()[1] for line in listed if line.startswith("* ")] == [
        "lint",
        "types",
        "tests",
    ]


@pytest.mark.parametrize("session", ["cuda", "gpu"])
def test_cuda_with_the_torch_at_hand_says_in_one_line_that_there_is_no_cuda(session):
    done = run_nox("-s", session, "--no-venv")

    said = [line for line in (done.stdout + done.stderr).splitlines() if "CUDA" in line]
    assert len(said) == 1
    assert f"Session {session} skipped: no CUDA here: torch 2." in said[0]
    assert done.returncode == 0


@pytest.mark.skipif(
    shutil.which("nvidia-smi") is not None or Path("/dev/nvidia0").exists(),
    reason="this machine has a driver",
)
def test_cuda_is_skipped_before_torch_is_installed_where_there_is_no_driver(tmp_path):
    done = run_nox("-s", "cuda", "--envdir", str(tmp_path))

    assert "skipped: no CUDA here: neither nvidia-smi nor /dev/nvidia0 is there" in done.stderr
    assert list(tmp_path.glob("cuda/**/torch")) == []
    assert done.returncode == 0


def test_cuda_without_any_torch_is_an_error_that_says_what_to_do(noxfile, session):
    session.venv_backend = "none"
    session.run.return_value = "No module named 'torch'\n"
    session.error.side_effect = SystemExit

    with pytest.raises(SystemExit):
        noxfile.cuda(session)

    session.error.assert_called_once_with(
        "No module named 'torch': activate the environment that has torch, or leave out --no-venv"
    )


def test_the_exercises_run_where_harness_timeout_and_xdist_are_not_installed():
    missing = ("-p", "no:timeout", "-p", "no:xdist")
    solved = ("--answers", "solutions", "exercises/01_first_gradients")

    done = run_nox("-s", "cpu", "--no-venv", "--", *missing, *solved)

    assert done.returncode == 0, done.stdout


def test_arguments_reach_pytest():
    done = run_nox("-s", "cpu", "--no-venv", "--", "--version")

    assert f"pytest {pytest.__version__}" in done.stdout + done.stderr


@pytest.mark.parametrize("group", PYPROJECT["dependency-groups"])
def test_a_group_that_installs_torch_pins_it(group):
    wanted = nox.project.dependency_groups(PYPROJECT, group)

    assert {w for w in wanted if w.startswith("torch")} <= {"torch==2.13.0"}


@pytest.mark.parametrize("name", ["cpu", "types", "tests", "bench"])
def test_a_session_that_installs_the_course_pins_torch(name, noxfile, session):
    getattr(noxfile, name)(session)

    (installed,) = [call.args for call in session.install.call_args_list]
    assert "-e" in installed
    assert "torch==2.13.0" in installed


@pytest.mark.parametrize(
    ("version", "wanted"),
    [
        ("2.9.1", ["torch==2.9.1"]),
        ("newest", ["--upgrade", "torch"]),
        ("nightly", ["--pre", "--upgrade", "torch"]),
    ],
)
def test_the_course_is_judged_on_the_torch_that_is_asked_for(version, wanted, noxfile, session):
    session.posargs = [version]

    noxfile.torch(session)

    (installed,) = [list(call.args) for call in session.install.call_args_list]
    assert [word for word in installed if "torch" in word or word.startswith("--")] == wanted
    assert "hypothesis>=6.100" in installed


def test_what_was_seen_to_pass_is_written_down_after_all_of_it_has(noxfile, session):
    session.posargs = ["2.9.1"]

    noxfile.torch(session)

    exercises, tests, written = [call.args for call in session.run.call_args_list]
    assert exercises[-6:-2] == ("--answers", "solutions", "-W", "error")
    assert "tests/test_kept_answers.py" in tests
    assert written == ("python", "-m", "gradkata.seen")


def test_a_part_of_the_tests_proves_nothing_and_is_not_written_down(noxfile, session):
    session.posargs = ["2.9.1", "-k", "01"]

    noxfile.torch(session)

    assert [call.args[-2:] for call in session.run.call_args_list][1:] == [("-k", "01")]


def test_every_file_that_judges_on_another_torch_is_there(noxfile):
    assert [name for name in noxfile.TORCH_TESTS if not (ROOT / name).is_file()] == []


def test_another_torch_than_the_one_that_was_named_is_refused():
    done = run_nox("-s", "torch", "--no-venv", "--", "2.0.1")

    assert "python has torch 2." in done.stderr
    assert "not 2.0.1" in done.stderr
    assert done.returncode == 1


def test_a_torch_must_be_named():
    done = run_nox("-s", "torch", "--no-venv")

    assert "which torch? nox -s torch -- 2.9.1, or newest, or nightly" in done.stderr
    assert done.returncode == 1


def test_the_lowest_versions_are_those_of_pyproject(noxfile, session):
    noxfile.minimums(session)

    lowest, course = [call.args for call in session.install.call_args_list]
    demanded = PYPROJECT["project"]["dependencies"] + [
        r for r in nox.project.dependency_groups(PYPROJECT, "tests") if ">=" in r
    ]
    assert sorted(lowest[1:]) == sorted({r.replace(">=", "==") for r in demanded})
    assert course == ("-q", "--no-deps", "-e", ".")


@pytest.mark.skipif(version("torch").startswith("2.6."), reason="these may be the lowest")
def test_other_versions_than_the_lowest_are_refused():
    done = run_nox("-s", "minimums", "--no-venv")

    assert f"python has torch {version('torch')}, not 2.6; " in done.stderr
    assert done.returncode == 1


def test_types_are_checked_as_on_three_systems(noxfile, session):
    noxfile.types(session)

    runs = [call.args for call in session.run.call_args_list]
    systems = [run[run.index("--platform") + 1] for run in runs if "src" in run]
    assert systems == ["linux", "darwin", "win32"]


def test_an_extra_index_is_searched_where_the_environment_names_one(noxfile, session, monkeypatch):
    monkeypatch.setenv("GRADKATA_EXTRA_INDEX_URL", "https://index.example/cpu")

    noxfile.cpu(session)

    (installed,) = [call.args for call in session.install.call_args_list]
    assert installed[1:3] == ("--extra-index-url", "https://index.example/cpu")


@pytest.mark.parametrize("module", ["stubs", "contents"])
def test_lint_holds_what_is_derived_from_the_course_in_step(noxfile, session, module):
    noxfile.lint(session)

    commands = [call.args for call in session.run.call_args_list]
    assert ("python", "-m", f"gradkata.course.{module}", "--check") in commands


def test_lint_checks_each_file_that_a_public_host_reads(noxfile, session):
    noxfile.lint(session)

    commands = [call.args for call in session.run.call_args_list]
    checked = {
        ROOT / name for command in commands if "--builtin-schema" in command for name in command[3:]
    }
    assert checked == {file for file in (ROOT / ".github").rglob("*") if file.is_file()}
    assert any(command[0] == "jactionlint" for command in commands)


@pytest.fixture
def kata(noxfile, session, monkeypatch, tmp_path):
    """Run the session kata in an empty folder, and return the commands that it ran."""
    monkeypatch.setattr(noxfile, "ROOT", tmp_path)
    session.venv_backend = "none"
    session.posargs = ["list"]

    def run():
        noxfile.kata(session)
        return [" ".join(map(str, call.args)) for call in session.run.call_args_list]

    return run


@pytest.mark.skipif(os.name == "nt", reason="Windows names the folder otherwise")
def test_kata_makes_an_environment_installs_into_it_and_starts(kata, tmp_path):
    made, installed, started = kata()

    programs = tmp_path / ".venv" / "bin"
    assert made == f"{sys.executable} -m virtualenv -q {tmp_path / '.venv'}"
    assert installed.startswith(f"{programs / 'python'} -m pip install -q ")
    assert installed.endswith(" torch==2.13.0 -e .")
    assert started == f"{programs / 'kata'} list"


@pytest.mark.skipif(os.name == "nt", reason="Windows names the folder otherwise")
def test_kata_uses_an_environment_that_is_there(kata, tmp_path):
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").touch()

    installed, _ = kata()

    assert " -m pip install " in installed


@pytest.mark.skipif(os.name == "nt", reason="Windows activates otherwise")
def test_kata_says_how_to_activate_it_before_it_starts(kata, session):
    kata()

    assert session.log.call_args.args[0].endswith(": source .venv/bin/activate")


def test_kata_mends_an_environment_that_was_moved_with_its_folder(kata, tmp_path):
    programs = tmp_path / ".venv" / ("Scripts" if os.name == "nt" else "bin")
    programs.mkdir(parents=True)
    (programs / ("python.exe" if os.name == "nt" else "python")).touch()
    (programs / "activate").write_text("VIRTUAL_ENV='/old/.venv'\n")

    mended, _, again, _ = kata()

    assert mended == f"{sys.executable} -m virtualenv -q {tmp_path / '.venv'}"
    assert again.endswith("--force-reinstall --no-deps pytest")
