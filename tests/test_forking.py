"""Judgements are forked from a warm process where that is sound, else made by fresh ones."""

import os
import subprocess
import sys
import tempfile

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


def test_a_judgement_is_forked_here_and_made_by_a_fresh_process_on_macos(judge):
    here, macos = judge(), judge("darwin")

    assert (here.stdout, here.stderr) == ("True True\n", "")
    assert (macos.stdout, macos.stderr) == ("True False\n", "")


@pytest.mark.parametrize("length", [80, 200])
def test_a_judgement_is_forked_under_a_long_path_of_temporary_files_too(length, judge, tmp_path):
    # A path of just that length, whatever the length of pytest's own.
    with tempfile.TemporaryDirectory(dir="/tmp") as short:
        long = os.path.join(short, "x" * (length - len(short) - 1))
        os.mkdir(long)

        found = judge(TMPDIR=long)

    assert (found.stdout, found.stderr) == ("True True\n", "")


def test_where_no_short_path_is_to_be_had_a_fresh_process_is_taken(monkeypatch):
    assert forking.why_not() == ""

    monkeypatch.setattr(tempfile, "tempdir", f"/{'x' * 80}")
    monkeypatch.setattr(forking, "_SHORT", ("/nowhere",))

    assert forking.why_not() == f"/{'x' * 80} is too long a path for a socket"


def test_where_no_process_can_be_forked_a_fresh_one_is_taken(monkeypatch):
    monkeypatch.delattr(os, "fork")

    assert forking.why_not() == "this system cannot fork a process"
