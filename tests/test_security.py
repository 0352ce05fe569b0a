"""What SECURITY.md says of commands that only read is so."""

import subprocess
import sys

import pytest
import toy_course

from gradkata import cli, course


@pytest.fixture
def root(tmp_path):
    """A course in which somebody's answer leaves a mark wherever it is run."""
    root = toy_course.build(tmp_path / "toy")
    answer = course.Exercise(root, "01_slopes").file
    mark = f"open({str(root / 'mark')!r}, 'w').close()\n"
    answer.write_text(answer.read_text("utf-8") + mark, "utf-8")
    return root


def kata(root, *arguments):
    return subprocess.run(
        [sys.executable, "-c", toy_course.RUN, *arguments],
        cwd=root,
        env=toy_course.child_environment(),
        capture_output=True,
        check=False,
        encoding="utf-8",
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ["list"],
        ["hint", "double"],
        ["solution", "double", "--yes"],
        ["reset", "01", "--yes"],
        ["doctor"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_command_that_only_reads_runs_no_answer(root, arguments):
    done = kata(root, *arguments)

    assert done.stdout
    assert not (root / "mark").exists()


def test_a_command_that_judges_runs_the_answer(root, monkeypatch):
    monkeypatch.chdir(root)
    monkeypatch.setattr(sys, "argv", ["kata", "check", "01"])

    with pytest.raises(SystemExit):
        cli.main()

    assert (root / "mark").exists()
