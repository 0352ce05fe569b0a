"""The branch `solutions`: made past the work tree and the index, and of use to a learner's git."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from toy_course import NO_HYPOTHESIS

from gradkata.course import exercises

ROOT = Path(__file__).resolve().parents[1]
TOOL = ROOT / "tools" / "solutions_branch.py"
STUB, SOLVED = (
    "def square(x):\n    raise NotImplementedError\n",
    "def square(x):\n    return x * x\n",
)
EXERCISE = "exercises/03_custom_function/custom_function.py"
SOLUTION = "solutions/03_custom_function/custom_function.py"

# Neither the user's settings of git nor a pytest or git around these tests reaches the commands.
BARE = {
    name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PYTEST"))
}
BARE |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C"}
SOMEONE = {"NAME": "Ada Lovelace", "EMAIL": "ada@example.org", "DATE": "@1700000000 +0100"}
COMMITTING = BARE | {
    f"GIT_{who}_{k}": v for who in ("AUTHOR", "COMMITTER") for k, v in SOMEONE.items()
}


def git(folder, *arguments, env=BARE, check=True):
    command = ["git", "-C", str(folder), *arguments]
    done = subprocess.run(command, env=env, check=check, capture_output=True, text=True)
    return (done.stdout if check else done.stdout + done.stderr).strip()


def write_branch(folder):
    command = [sys.executable, str(TOOL)]
    return subprocess.run(
        command, cwd=folder, env=BARE, check=False, capture_output=True, text=True
    )


def commit(folder, files):
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "A commit", env=COMMITTING)


@pytest.fixture
def empty(tmp_path):
    folder = tmp_path / "repository"
    git(tmp_path, "init", "--quiet", "--initial-branch", "main", str(folder))
    return folder


@pytest.fixture
def course(empty):
    commit(empty, {EXERCISE: STUB, SOLUTION: SOLVED, "README.md": "# A course\n"})
    return empty


@pytest.fixture
def clone(course, tmp_path):
    """A learner's clone of a course that has the branch."""
    write_branch(course)
    git(tmp_path, "clone", "--quiet", str(course), "clone")
    return tmp_path / "clone"


def test_on_the_branch_the_exercise_is_the_solution(course):
    write_branch(course)

    assert git(course, "rev-parse", f"solutions:{EXERCISE}") == git(
        course, "rev-parse", f"main:{SOLUTION}"
    )


def test_nothing_else_differs_from_main(course):
    write_branch(course)

    assert git(course, "diff", "--name-only", "main", "solutions", "--") == EXERCISE


def test_a_test_or_a_page_beside_a_solution_stays_out(course):
    commit(course, {"solutions/03_custom_function/notes.py": "", "solutions/README.md": ""})

    write_branch(course)

    assert git(course, "diff", "--name-only", "main", "solutions", "--") == EXERCISE


def test_the_branch_is_one_commit_on_top_of_head(course):
    write_branch(course)

    assert git(course, "rev-list", "--parents", "main..solutions").split()[1:] == [
        git(course, "rev-parse", "main")
    ]


def test_it_takes_solutions_as_committed_not_as_edited(course):
    (course / SOLUTION).write_text("def square(x): ...\n", encoding="utf-8")

    write_branch(course)

    assert git(course, "show", f"solutions:{EXERCISE}") == SOLVED.strip()


def test_work_tree_and_index_stay_as_they_are_to_the_byte(course):
    (course / EXERCISE).write_text("half an answer\n", encoding="utf-8")
    (course / "staged.py").write_text("", encoding="utf-8")
    git(course, "add", "staged.py")
    index = (course / ".git" / "index").read_bytes()

    write_branch(course)

    assert (course / ".git" / "index").read_bytes() == index
    assert (course / EXERCISE).read_text(encoding="utf-8") == "half an answer\n"


def test_it_says_that_it_made_the_branch(course):
    done = write_branch(course)

    tip, head = (git(course, "rev-parse", name)[:10] for name in ("refs/heads/solutions", "main"))
    assert done.stdout == f"branch solutions made: {tip} on top of {head}; git switch solutions\n"


def test_the_same_head_gives_the_same_hash_elsewhere_and_later(course, tmp_path):
    git(tmp_path, "clone", "--quiet", str(course), "elsewhere")

    write_branch(course)
    write_branch(tmp_path / "elsewhere")

    assert git(course, "rev-parse", "refs/heads/solutions") == git(
        tmp_path / "elsewhere", "rev-parse", "refs/heads/solutions"
    )


def test_a_second_run_leaves_the_branch_and_says_so(course):
    write_branch(course)

    done = write_branch(course)

    assert done.stdout.startswith("branch solutions is as it should be: ")
    assert len(git(course, "reflog", "show", "refs/heads/solutions").splitlines()) == 1


def test_a_new_commit_updates_the_branch(course):
    write_branch(course)
    commit(course, {SOLUTION: SOLVED.replace("x * x", "x**2")})

    done = write_branch(course)

    assert done.stdout.startswith("branch solutions updated: ")
    assert "x**2" in git(course, "show", f"solutions:{EXERCISE}")


def test_the_commit_bears_the_names_and_the_dates_of_heads(course):
    write_branch(course)

    wanted = "--format=%an %ae %ai %cn %ce %ci"
    assert git(course, "show", "-s", wanted, "refs/heads/solutions") == git(
        course, "show", "-s", wanted, "main"
    )


def test_it_works_where_git_knows_no_name_and_may_not_guess_one(course):
    git(course, "config", "user.useConfigOnly", "true")

    assert write_branch(course).returncode == 0


def test_it_works_in_a_shallow_clone(course, tmp_path):
    commit(course, {"README.md": "# The course\n"})
    git(tmp_path, "clone", "--quiet", "--depth", "1", course.as_uri(), "shallow")

    assert write_branch(tmp_path / "shallow").stdout.startswith("branch solutions made: ")


def test_it_works_from_a_folder_of_the_course(course):
    assert write_branch(course / "exercises").returncode == 0


def test_it_works_on_a_detached_head(course):
    git(course, "checkout", "--quiet", "--detach")

    assert write_branch(course).returncode == 0


def refusal(folder):
    done = write_branch(folder)
    assert done.returncode == 1
    assert done.stdout == ""
    return done.stderr.rstrip("\n")


def test_it_refuses_while_the_branch_is_checked_out(course):
    write_branch(course)
    git(course, "switch", "--quiet", "solutions")

    said = refusal(course)

    assert said.startswith("branch solutions is checked out in ")
    assert said.endswith(": git switch main there first")


def test_it_refuses_while_another_worktree_has_the_branch(course, tmp_path):
    write_branch(course)
    git(course, "worktree", "add", "--quiet", str(tmp_path / "beside"), "solutions")

    assert f"{(tmp_path / 'beside').as_posix()}: git switch main there first" in refusal(course)


def test_it_refuses_to_move_a_branch_that_a_learner_made(course):
    git(course, "switch", "--quiet", "--create", "solutions")
    commit(course, {EXERCISE: SOLVED})
    git(course, "switch", "--quiet", "main")

    said = refusal(course)

    assert said.startswith("branch solutions ends in a commit of your own, ")
    assert said.endswith(": git branch -m solutions my-solutions keeps it and frees the name")


def test_it_refuses_outside_a_git_repository(tmp_path):
    assert refusal(tmp_path).startswith("git rev-parse: not a git repository")


def test_it_refuses_another_users_clone_and_says_how_to_trust_it(course, monkeypatch):
    monkeypatch.setitem(BARE, "GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")

    assert refusal(course) == (
        f"git rev-parse: detected dubious ownership in repository at '{course}'; "
        f"to trust it: git config --global --add safe.directory {course}"
    )


def test_it_refuses_before_the_first_commit(empty):
    assert refusal(empty) == "there is no commit yet to build on: git commit first"


def test_it_refuses_where_head_has_no_solutions(empty):
    commit(empty, {EXERCISE: STUB})
    (empty / SOLUTION).parent.mkdir(parents=True)
    (empty / SOLUTION).write_text(SOLVED, encoding="utf-8")

    assert refusal(empty) == (
        "HEAD has no file solutions/NN_topic/topic.py: commit the solutions first"
    )


def test_it_refuses_where_git_is_not_installed(course, tmp_path):
    nowhere = BARE | {"PATH": str(tmp_path)}
    command = [sys.executable, str(TOOL)]
    done = subprocess.run(
        command, cwd=course, env=nowhere, check=False, capture_output=True, text=True
    )

    assert (done.returncode, done.stderr) == (1, "git is not installed, and a branch needs it\n")


# What the README tells a learner to type, for the folder and the branch bear the same name.


def test_git_diff_with_a_path_shows_what_the_solution_writes(clone):
    shown = git(clone, "diff", "main", "origin/solutions", "--", "exercises/03_custom_function")

    assert "-    raise NotImplementedError\n+    return x * x" in shown


def test_git_diff_with_a_path_shows_it_of_a_branch_that_was_made_here(course):
    write_branch(course)

    shown = git(course, "diff", "main", "solutions", "--", "exercises/03_custom_function")

    assert "-    raise NotImplementedError\n+    return x * x" in shown


def test_git_switch_brings_the_solved_exercises(clone):
    git(clone, "switch", "--quiet", "solutions")

    assert (clone / EXERCISE).read_text(encoding="utf-8") == SOLVED


def test_git_checkout_does_not_and_is_not_what_the_readme_says(clone):
    said = git(clone, "checkout", "solutions", check=False)

    assert "could be both a local file and a tracking branch" in said


def test_git_diff_without_a_path_does_not_and_is_not_what_the_readme_says(course):
    write_branch(course)

    said = git(course, "diff", "main", "solutions", check=False)

    assert "ambiguous argument 'solutions': both revision and filename" in said


# What the host types once main is green.


def push_of_the_host():
    workflow = (ROOT / ".github" / "workflows" / "tests.yml").read_text(encoding="utf-8")
    (command,) = re.findall(r"run: git (push .+)", workflow)
    return command.split()


def solve_main_and_push(host, folder):
    git(folder.parent, "clone", "--quiet", str(host), folder.name)
    write_branch(folder)
    return git(folder, *push_of_the_host(), check=False)


@pytest.fixture
def host(course, tmp_path):
    git(tmp_path, "clone", "--quiet", "--bare", str(course), "host.git")
    return tmp_path / "host.git"


def test_the_host_pushes_the_branch_the_first_time(host, tmp_path):
    solve_main_and_push(host, tmp_path / "run")

    assert git(host, "show", f"refs/heads/solutions:{EXERCISE}") == SOLVED.strip()


def test_the_host_moves_the_branch_when_main_has_moved(host, tmp_path):
    solve_main_and_push(host, tmp_path / "run")
    commit(tmp_path / "run", {SOLUTION: SOLVED.replace("x * x", "x**2")})
    git(tmp_path / "run", "push", "--quiet", "origin", "main")

    solve_main_and_push(host, tmp_path / "next")

    assert "x**2" in git(host, "show", f"refs/heads/solutions:{EXERCISE}")


def test_the_host_does_not_push_over_what_it_has_not_fetched(host, tmp_path):
    solve_main_and_push(host, tmp_path / "run")
    git(tmp_path, "clone", "--quiet", str(host), "late")
    commit(tmp_path / "late", {SOLUTION: SOLVED.replace("x * x", "x**2")})
    write_branch(tmp_path / "late")
    git(host, "update-ref", "refs/heads/solutions", "main")

    said = git(tmp_path / "late", *push_of_the_host(), check=False)

    assert "stale info" in said
    assert git(host, "rev-parse", "refs/heads/solutions") == git(host, "rev-parse", "main")


def head_is_committed():
    return not git(ROOT, "rev-parse", "--verify", "HEAD", check=False).startswith("fatal")


@pytest.mark.skipif(not head_is_committed(), reason="the course is not in a git repository")
def test_on_the_branch_of_this_course_each_exercise_is_solved_and_plain_pytest_green(
    tmp_path,
):
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", str(ROOT), "clone")
    write_branch(clone)
    git(clone, "switch", "--quiet", "solutions")
    solved = [
        (exercise.file.read_bytes(), exercise.solution.read_bytes())
        for exercise in exercises(clone)
    ]

    # The harness of the clone, for a learner has that one: before the installed one on the path.
    own_harness = BARE | {"PYTHONPATH": str(clone / "src")}
    # That the solutions pass all tests is seen elsewhere.
    one = str(Path(EXERCISE).parent)
    done = subprocess.run(
        [sys.executable, "-P", "-m", "pytest", "-q", *NO_HYPOTHESIS, one],
        cwd=clone,
        env=own_harness,
        check=False,
        capture_output=True,
        text=True,
    )

    assert len(solved) > 10
    assert [here for here, there in solved if here != there] == []
    assert done.returncode == 0, done.stdout + done.stderr
