"""Judgements are forked from a warm process where that is sound, else made by fresh ones."""

import os
import platform
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
import toy_course

from gradkata.judging import forking

# Judges a right answer, and says whether the warm process was started for that.
JUDGE = """
import sys
system, sys.platform = sys.platform, sys.argv[1]
from gradkata import course
from gradkata.judging import runner
sys.platform = system
from multiprocessing import forkserver
from pathlib import Path

if __name__ == "__main__":
    slopes = course.exercises(Path.cwd())[0]
    record = runner.judge(slopes, slopes.root / "solutions")
    print(record.done, forkserver._forkserver._forkserver_pid is not None)
"""


@pytest.fixture
def judge(tmp_path):
    root = toy_course.build(tmp_path / "toy")
    (root / "judge.py").write_text(JUDGE)

    def judge(system=sys.platform, **variables):
        return subprocess.run(
            [sys.executable, "judge.py", system],
            cwd=root,
            env=toy_course.child_environment() | variables,
            capture_output=True,
            text=True,
        )

    return judge


def test_a_judgement_is_made_by_a_fresh_process_on_macos(judge):
    found = judge("darwin")

    assert (found.stdout, found.stderr) == ("True False\n", "")


@pytest.fixture
def long_path(request):
    """A folder for temporary files whose path is just so long, whatever that of pytest's own."""
    with tempfile.TemporaryDirectory(dir="/tmp") as short:
        long = os.path.join(short, "x" * (request.param - len(short) - 1))
        os.mkdir(long)
        yield long


@pytest.mark.parametrize("long_path", [200], indirect=True)
def test_a_judgement_is_forked_under_a_long_path_of_temporary_files_too(judge, long_path):
    found = judge(TMPDIR=long_path)

    assert (found.stdout, found.stderr) == ("True True\n", "")


# Forks a process that does nothing from one that has imported nothing.
FORK = """
from gradkata.judging import forking

if __name__ == "__main__":
    context = forking.forkserver()
    context.set_forkserver_preload([])
    process = context.Process(target=print, args=("forked",))
    process.start()
    process.join()
    print(process.exitcode)
"""


@pytest.mark.parametrize("long_path", [71, 72, 80], indirect=True)
def test_a_process_is_forked_under_a_path_of_any_length(tmp_path, long_path):
    (tmp_path / "fork.py").write_text(FORK)
    environment = toy_course.child_environment() | {"TMPDIR": long_path}

    command = [sys.executable, str(tmp_path / "fork.py")]
    found = subprocess.run(command, env=environment, capture_output=True, text=True)

    assert (found.stdout, found.stderr) == ("forked\n0\n", "")


def test_where_no_short_path_is_to_be_had_a_fresh_process_is_taken(monkeypatch):
    assert forking.why_not() == ""

    monkeypatch.setattr(tempfile, "tempdir", f"/{'x' * 80}")
    monkeypatch.setattr(forking, "_SHORT", ("/nowhere",))

    assert forking.why_not() == f"/{'x' * 80} is too long a path for a socket"


def test_where_no_process_can_be_forked_a_fresh_one_is_taken(monkeypatch):
    monkeypatch.delattr(os, "fork")

    assert forking.why_not() == "this system cannot fork a process"


COLLAPSE = """
import ctypes, pathlib
from gradkata.judging import processes

def huge():
    text = pathlib.Path("/proc/self/smaps_rollup").read_text()
    return int(text.partition("AnonHugePages:")[2].split()[0])

kept = [bytes(range(256)) * 4096 for _ in range(16)]
before = huge()
processes.use_huge_pages()
assert all(part == bytes(range(256)) * 4096 for part in kept)
print(huge() - before)
"""


def _has_huge_pages():
    setting = Path("/sys/kernel/mm/transparent_hugepage/enabled")
    release = re.match(r"(\d+)\.(\d+)", platform.release())
    is_young = release is not None and tuple(map(int, release.groups())) >= (6, 1)
    return is_young and setting.is_file() and "[never]" not in setting.read_text()


@pytest.mark.skipif(not _has_huge_pages(), reason="this kernel makes no huge pages when asked")
def test_memory_moves_into_huge_pages_and_stays_what_it_was():
    done = subprocess.run([sys.executable, "-c", COLLAPSE], capture_output=True, text=True)

    assert done.stderr == ""
    assert int(done.stdout) >= 4096  # KiB
