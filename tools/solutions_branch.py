"""Make or update the local branch `solutions`: one commit on top of HEAD that solves the exercises.

In it `exercises/NN_topic/topic.py` is the file that HEAD has as `solutions/NN_topic/topic.py`.
The commit is written past the work tree and the index, and takes its names and dates from HEAD's,
so that the same HEAD always gives the same hash.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

BRANCH = "solutions"
REF = f"refs/heads/{BRANCH}"
MADE_BY = "Made by nox -s solutions; it is made anew when main moves on."
MESSAGE = f"Solve every exercise\n\n{MADE_BY}\n"

# A line of `git ls-tree`: mode, type, hash, path.
_SOLUTION = re.compile(r"(\d+) blob (\w+)\tsolutions/(\d\d_(\w+)/\4\.py)")


class Refusal(Exception):
    """Why the branch cannot be written; its text is the whole message."""


def main() -> int:
    """Write the branch of the repository around the working directory; say so in a line."""
    summary, _, details = (__doc__ or "").partition("\n\n")
    argparse.ArgumentParser(description=summary, epilog=details).parse_args()
    try:
        print(write_branch())  # noqa: T201
    except Refusal as refusal:
        print(refusal, file=sys.stderr)  # noqa: T201
        return 1
    return 0


def write_branch() -> str:
    """Make, update or leave the branch, and return a sentence that says which.

    Raises:
        Refusal: if there is nothing to solve, or the branch is not ours to move.
    """
    head = _head()
    entries = _solved_entries(head)
    old = _git("for-each-ref", "--format=%(objectname)", REF)
    _refuse_to_move_under_anyone(old)
    new = _commit(_solved_tree(head, entries), head)
    if new == old:
        return f"branch {BRANCH} is as it should be: {new[:10]} on top of {head[:10]}"
    # With the old value named, git refuses if someone else moved the branch meanwhile.
    _git("update-ref", "-m", "nox -s solutions", REF, new, old or "0" * len(new), env=_people(head))
    verb = "updated" if old else "made"
    return f"branch {BRANCH} {verb}: {new[:10]} on top of {head[:10]}; git switch {BRANCH}"


def _head() -> str:
    _git("rev-parse", "--git-dir")
    try:
        return _git("rev-parse", "--verify", "HEAD^{commit}")
    except Refusal:
        raise Refusal("there is no commit yet to build on: git commit first") from None


def _solved_entries(head: str) -> list[str]:
    """Return a line for git's index per solution, which puts it in its exercise's place."""
    listed = _git("ls-tree", "-r", "-z", "--full-tree", head, "solutions/").split("\0")
    found = [match.groups() for line in listed if (match := _SOLUTION.fullmatch(line))]
    if not found:
        raise Refusal("HEAD has no file solutions/NN_topic/topic.py: commit the solutions first")
    return [f"{mode} {blob}\texercises/{path}" for mode, blob, path, _ in found]


def _refuse_to_move_under_anyone(old: str) -> None:
    """Refuse if the branch is checked out, or is a learner's own branch of the same name."""
    for worktree in _git("worktree", "list", "--porcelain").split("\n\n"):
        if f"branch {REF}" in worktree.splitlines():
            place = worktree.splitlines()[0].removeprefix("worktree ")
            raise Refusal(f"branch {BRANCH} is checked out in {place}: git switch main there first")
    if old and MADE_BY not in _git("cat-file", "commit", old):
        raise Refusal(
            f"branch {BRANCH} ends in a commit of your own, {old[:10]}: "
            f"git branch -m {BRANCH} my-{BRANCH} keeps it and frees the name"
        )


def _solved_tree(head: str, entries: list[str]) -> str:
    """Write HEAD's tree with the entries in place, and return its hash."""
    with tempfile.TemporaryDirectory() as folder:
        env = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
        _git("read-tree", head, env=env)
        _git("update-index", "-z", "--index-info", env=env, stdin="\0".join(entries))
        return _git("write-tree", env=env)


def _commit(tree: str, parent: str) -> str:
    return _git("commit-tree", tree, "-p", parent, env=_people(parent), stdin=MESSAGE)


def _people(commit: str) -> dict[str, str]:
    """Return a commit's author and committer as the variables by which git takes them."""
    fields = "%an%x00%ae%x00@%ad%x00%cn%x00%ce%x00@%cd"
    values = _git("show", "-s", "--no-show-signature", "--date=raw", f"--format={fields}", commit)
    whats = ("NAME", "EMAIL", "DATE")
    names = [f"GIT_{who}_{what}" for who in ("AUTHOR", "COMMITTER") for what in whats]
    return dict(zip(names, values.split("\0"), strict=True))


def _git(*arguments: str, env: Mapping[str, str] | None = None, stdin: str = "") -> str:
    """Return what a git command prints, without the last line's end."""
    # The commit's bytes must not hang on what a user's git is told about encodings.
    command = ["git", "-c", "i18n.commitEncoding=UTF-8", "-c", "i18n.logOutputEncoding=UTF-8"]
    try:
        done = subprocess.run(
            [*command, *arguments],
            input=os.fsencode(stdin),
            capture_output=True,
            env={**os.environ, "LC_ALL": "C", **(env or {})},
            check=False,
        )
    except FileNotFoundError:
        raise Refusal("git is not installed, and a branch needs it") from None
    if done.returncode:
        told = os.fsdecode(done.stderr)
        reason = told.partition("\n")[0].removeprefix("fatal: ")
        # A clone of another user's; git says on a line further down how to trust it.
        trust = re.search(r"git config .*safe\.directory .*", told)
        raise Refusal(
            f"git {arguments[0]}: {reason}" + (f"; to trust it: {trust[0]}" if trust else "")
        )
    return os.fsdecode(done.stdout).removesuffix("\n")


if __name__ == "__main__":
    sys.exit(main())
