"""`kata doctor` has a line for each thing, and says what to do where it is not well."""

import builtins
import ctypes
import os
import subprocess
import sys
import tempfile
import tomllib
from types import SimpleNamespace

import pytest
import toy_course
from judging import ROOT
from toy_course import Screen

from gradkata import cli, course
from gradkata.cli import doctor
from gradkata.judging import forking


@pytest.fixture
def root(tmp_path, monkeypatch):
    root = toy_course.build(tmp_path / "toy")
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def slopes(root):
    return course.Exercise(root, "01_slopes")


def findings(root):
    return {finding.subject: finding for finding in doctor.examine(root)}


def kata_doctor(root, **how):
    return subprocess.run(
        [sys.executable, "-c", toy_course.RUN, "doctor"],
        **how,
        cwd=root,
        env=toy_course.child_environment(),
        capture_output=True,
        encoding="utf-8",
    )


@pytest.fixture
def doctor_here(root, monkeypatch, capsys):
    """Run `kata doctor` in this process, which has imported torch already."""

    def run():
        monkeypatch.setattr(sys, "argv", ["kata", "doctor"])
        with pytest.raises(SystemExit) as left:
            cli.main()
        return Screen(left.value.code, *capsys.readouterr())

    return run


def test_all_is_well_here(root):
    found = kata_doctor(root)

    assert (found.returncode, found.stderr) == (0, "")
    subjects = [line[2:].split("  ")[0].strip() for line in found.stdout.splitlines()]
    assert [line[0] for line in found.stdout.splitlines()] == ["✓"] * 11
    assert [s.split(" gradkata")[0] for s in subjects][:9] == [
        "course",
        "Python",
        "torch",
        "CUDA",
        "threads",
        "verdicts",
        "pytest",
        "judgements",
        "saves",
    ]
    assert "write access to your answers" in found.stdout
    assert "your answers 2 exercises, each can be parsed" in found.stdout


def test_an_answer_that_does_not_parse_is_named_with_its_line(doctor_here, slopes):
    slopes.file.write_text("def double(x)\n    return 2 * x\n")

    found = doctor_here()

    assert found.code == 1
    assert "✗ your answers exercises/01_slopes/slopes.py:1: expected ':'" in found.out
    assert "mend it, or kata reset 01, which keeps your file" in found.out


def test_a_missing_answer_is_named(root, slopes):
    slopes.file.unlink()

    finding = findings(root)["your answers"]

    assert finding.fact == "exercises/01_slopes/slopes.py is missing"
    assert finding.to_do == "kata reset 01"


def test_a_missing_solution_is_named(root, slopes):
    slopes.solution.unlink()

    finding = findings(root)["your answers"]

    assert finding.fact == "solutions/01_slopes/slopes.py is missing"
    assert "git checkout -- solutions" in finding.to_do


def test_an_answer_in_no_encoding_is_named(root, slopes):
    slopes.file.write_bytes(b"x = '\xff'\n")

    assert "exercises/01_slopes/slopes.py" in findings(root)["your answers"].fact


@pytest.mark.parametrize(
    "error",
    [
        ModuleNotFoundError("No module named 'torch'"),
        OSError("libcudart.so.12: cannot open shared object file"),
    ],
    ids=["missing", "broken"],
)
def test_a_torch_that_cannot_be_imported_is_named(error, root, monkeypatch):
    usual = builtins.__import__

    def without_torch(name, *rest, **more):
        if name == "torch":
            raise error
        return usual(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without_torch)

    finding = findings(root)["torch"]

    assert finding.fact == str(error)
    assert finding.to_do == "install the course again: python -m nox -s kata"


def test_what_is_needed_is_what_the_package_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    python, torch = ".".join(map(str, doctor._PYTHON)), ".".join(map(str, doctor._TORCH))

    assert project["requires-python"] == f">={python}"
    assert f"torch>={torch}" in project["dependencies"]


def test_an_old_python_is_named(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 10, 0))

    assert doctor._python().to_do == "the course needs 3.11 or later"


@pytest.mark.parametrize(
    ("available", "driver", "build", "fact", "to_do"),
    [
        (True, "570.1", "12.8", "H100, driver 570.1", ""),
        (False, "", None, "none here; every exercise runs on the CPU", ""),
        (False, "570.1", None, "driver 570.1", "for --device cuda install a build of torch for"),
        (False, "570.1", "12.8", "driver 570.1", "the driver may be too old for its CUDA"),
    ],
    ids=["there", "no card", "torch without CUDA", "old driver"],
)
def test_what_is_found_of_cuda(available, driver, build, fact, to_do, monkeypatch):
    import torch

    monkeypatch.setattr(doctor, "_driver", lambda: driver)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: available)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda: "H100")

    finding = doctor._cuda(build)

    assert finding.fact == fact
    assert to_do in finding.to_do
    assert bool(finding.to_do) == bool(to_do)


def test_a_pytest_without_the_plugin_is_named(monkeypatch):
    monkeypatch.setattr(doctor.importlib.metadata, "entry_points", lambda group: [])

    finding = doctor._pytest()

    assert finding.fact == f"pytest {pytest.__version__}, without the course's plugin"
    assert finding.to_do == "python -m pip install -e ."


def test_judgements_are_forked_here():
    assert doctor._judgements().fact == "forked from a warm process, which is fast"


def test_judgements_of_macos_are_made_by_fresh_processes(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")

    finding = doctor._judgements()

    assert finding.fact == (
        "made by fresh processes, which is slower: "
        "what torch computes with on macOS does not survive a fork"
    )
    assert finding.to_do == ""


def test_a_long_path_of_temporary_files_is_named(monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", f"/{'x' * 80}")

    finding = doctor._judgements()

    assert finding.fact.endswith("its socket is in /tmp, for the path of TMPDIR is too long")
    assert finding.to_do == ""


def test_a_long_path_of_temporary_files_without_a_shorter_one_is_not_well(monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", f"/{'x' * 80}")
    monkeypatch.setattr(forking, "_SHORT", ())

    finding = doctor._judgements()

    assert finding.fact == f"/{'x' * 80} is too long a path for a socket"
    assert finding.to_do == "set TMPDIR to a folder with a shorter path"


def test_no_folder_for_temporary_files_is_not_well(monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(tempfile, "_candidate_tempdir_list", lambda: ["/nowhere"])

    finding = doctor._judgements()

    assert finding.fact == "No usable temporary directory found in ['/nowhere']"
    assert finding.to_do == "set TMPDIR to a folder where you may write"


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (True, "the system tells of a save at once"),
        (False, "the system does not tell of a save; kata looks once a second"),
    ],
)
def test_whether_the_system_tells_of_a_save(told, words, root, monkeypatch):
    monkeypatch.setattr(doctor, "_tells_of_a_save", lambda _: told)

    assert doctor._events(root).fact == words


def test_a_save_is_told_of_here(root):
    assert doctor._tells_of_a_save(root)
    assert list((root / ".gradkata").iterdir()) == []


def test_a_watcher_that_never_tells_is_noticed(root, monkeypatch):
    silent = SimpleNamespace(watch=lambda *_, **__: iter([set()]))
    monkeypatch.setitem(sys.modules, "watchfiles", silent)

    assert not doctor._tells_of_a_save(root)


def test_a_folder_that_may_not_be_written_to_is_named(root, monkeypatch):
    monkeypatch.setattr(doctor.os, "access", lambda place, _: place != root / "exercises")

    finding = doctor._write_access(root)

    assert finding.fact == "none to exercises"
    assert finding.to_do == "have the course where you may write: clone it there, or kata init DIR"


# The folder of what kata remembers


def without_privileges():
    """Take from root what lets it write where nobody may (Linux)."""
    if sys.platform == "linux":
        for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
            ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP


def make_read_only(cache):
    cache.mkdir()
    cache.chmod(0o555)


def make_unsearchable(cache):
    cache.mkdir()
    cache.chmod(0o444)


def demand_unwritten(found):
    """Demand of what doctor found that it names the memory, and examines the rest."""
    assert (found.code, found.err) == (1, "")
    assert "✓ saves        not tried: .gradkata cannot be written\n" in found.out
    assert "✗ write access none to .gradkata, where kata remembers the last verdicts\n" in found.out
    assert "delete .gradkata; kata makes it anew\n" in found.out
    assert "✓ your answers 2 exercises, each can be parsed\n" in found.out


@pytest.mark.parametrize(
    "spoil",
    [
        lambda cache: cache.write_text("a file"),
        pytest.param(
            lambda cache: cache.symlink_to("nowhere"),
            marks=pytest.mark.skipif(os.name == "nt", reason="needs a privilege"),
        ),
    ],
    ids=["a file", "a link to nowhere"],
)
def test_a_memory_that_is_no_folder_is_named_and_the_rest_is_examined(spoil, root, doctor_here):
    spoil(root / ".gradkata")

    demand_unwritten(doctor_here())


@pytest.mark.skipif(os.name == "nt", reason="modes")
@pytest.mark.parametrize(
    "spoil", [make_read_only, make_unsearchable], ids=["read-only", "not to be entered"]
)
def test_a_memory_that_cannot_be_written_is_named_and_the_rest_is_examined(spoil, root):
    spoil(root / ".gradkata")

    found = kata_doctor(root, preexec_fn=without_privileges)

    demand_unwritten(Screen(found.returncode, found.stdout, found.stderr))


def test_an_environment_that_was_moved_is_named(root, tmp_path, monkeypatch):
    programs = root / ".venv" / "bin"
    programs.mkdir(parents=True)
    (programs / "pytest").write_text(f"#!{tmp_path}/old/.venv/bin/python\n")
    monkeypatch.setattr(sys, "prefix", str(root / ".venv"))

    found = findings(root)["environment"]

    assert f"made in {tmp_path}/old/.venv, where its programs look" in found.fact
    assert found.to_do == "python -m nox -s kata mends it"


def test_what_hides_a_module_is_named(root, tmp_path, monkeypatch):
    (tmp_path / "queue.py").touch()
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])

    found = findings(root)["modules"]

    assert found.fact == f"{tmp_path / 'queue.py'} hides a module that the course needs"
    assert found.to_do == "rename it, or take its folder out of PYTHONPATH"
