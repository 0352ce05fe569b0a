"""The files have the same bytes on every system, whatever a user's git is told about line ends."""

import subprocess

import pytest
from judging import ROOT

pytestmark = pytest.mark.skipif(
    not (ROOT / ".git").exists(), reason="the course is not in a git repository"
)


def git(folder, *arguments):
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """What git for Windows checks out by default."""
    clone = tmp_path_factory.mktemp("windows") / "clone"
    as_on_windows = ("-c", "core.autocrlf=true", "-c", "core.eol=crlf")
    git(ROOT, "clone", "--quiet", *as_on_windows, str(ROOT), str(clone))
    return clone


def test_a_checkout_on_windows_has_unix_line_ends(checkout):
    listed = git(checkout, "ls-files", "--eol").splitlines()

    assert {line.split()[1] for line in listed} <= {"w/lf", "w/none", "w/-text"}


def test_no_file_is_committed_with_windows_line_ends(checkout):
    listed = git(checkout, "ls-files", "--eol").splitlines()

    assert [line for line in listed if line.split()[0] in {"i/crlf", "i/mixed"}] == []


def test_the_data_are_never_taken_for_text(checkout):
    data = "exercises/10_training/digits.npz"

    assert git(checkout, "check-attr", "text", "--", data) == f"{data}: text: unset\n"
