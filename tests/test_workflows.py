"""What a public host runs is what a contributor runs; `nox -s lint` asks whether it is valid."""

from __future__ import annotations

import re
from itertools import chain

import nox
import pytest
from judging import ROOT

PYPROJECT = nox.project.load_toml(ROOT / "pyproject.toml")
NOXFILE = (ROOT / "noxfile.py").read_text(encoding="utf-8")
WORKFLOWS = {
    file.name: file.read_text(encoding="utf-8")
    for file in sorted((ROOT / ".github" / "workflows").iterdir())
}
EVERY_TEXT = "\n".join(WORKFLOWS.values())
COMMANDS = re.findall(r"^ +(?:- )?run: (.+)$", EVERY_TEXT, re.MULTILINE)
CALLED = re.findall(r"python -m nox -s ([^$\n]+)$|\bsession: ([^}\n]+)", EVERY_TEXT, re.MULTILINE)
CALLS = [either or other for either, other in CALLED]


def test_a_workflow_runs_nox_and_what_it_takes_to_push():
    nox_alone = re.compile(r"python -m (pip install nox|nox -s [\w${}. -]+)")
    others = [command for command in COMMANDS if not nox_alone.fullmatch(command)]

    assert others == ["git push --force-with-lease origin refs/heads/solutions"]


def test_the_book_is_published_only_where_pages_are_switched_on_and_from_main():
    (condition,) = re.findall(r"^    if: (.*)$", WORKFLOWS["book.yml"], re.MULTILINE)

    assert condition == "vars.GRADKATA_PAGES != '' && github.ref == 'refs/heads/main'"
    assert "needs: build" in WORKFLOWS["book.yml"]


def test_each_session_that_a_workflow_calls_is_there():
    sessions = set(re.findall(r"^@nox\.session.*\ndef (\w+)\(", NOXFILE, re.MULTILINE))
    called = set(chain.from_iterable(call.partition(" -- ")[0].split() for call in CALLS))

    assert {"lint", "types", "tests", "torch", "minimums", "solutions", "cpu", "book"} <= called
    assert called <= sessions


def test_what_must_hold_before_a_change_lands_holds_on_each_system():
    (systems,) = re.findall(r"^ +os: \[(.+)\]$", WORKFLOWS["tests.yml"], re.MULTILINE)

    assert [system.partition("-")[0] for system in systems.split(", ")] == [
        "ubuntu",
        "windows",
        "macos",
    ]


@pytest.mark.parametrize("python", ["3.11", "3.14"])
def test_the_tests_run_with_the_lowest_python_and_the_newest(python):
    assert f'{{python: "{python}", session: tests}}' in WORKFLOWS["tests.yml"]


def test_the_lowest_python_is_that_of_pyproject():
    pythons = re.findall(r'python(?:-version)?: "3\.(\d+)"', EVERY_TEXT)

    assert PYPROJECT["project"]["requires-python"] == f">=3.{min(map(int, pythons))}"


def test_the_lowest_torch_is_that_of_pyproject():
    (needed,) = [d for d in PYPROJECT["project"]["dependencies"] if d.startswith("torch>=")]
    (lowest,) = {call for call in CALLS if re.match(r"torch -- \d", call)}

    assert f"{lowest.removeprefix('torch -- ')}.".startswith(f"{needed.removeprefix('torch>=')}.")


def test_an_action_is_pinned_by_its_hash_and_the_version_stands_beside_it():
    used = re.findall(r"uses: (.+)", EVERY_TEXT)

    assert used
    assert [u for u in used if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", u)] == []


def test_an_action_has_one_version_everywhere():
    used = set(re.findall(r"uses: ((.+)@.+)", EVERY_TEXT))

    assert len(used) == len({action for _, action in used})


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_workflow_may_read_and_no_more(name):
    assert "\npermissions:\n  contents: read\n" in WORKFLOWS[name]


def test_only_what_pushes_and_what_publishes_may_write_and_only_the_first_keeps_credentials():
    jobs = re.split(r"^  (?=\w+:\n    name:)", EVERY_TEXT, flags=re.MULTILINE)
    (pushing,) = [job for job in jobs if "git push" in job]

    writing = {job: re.findall(r"^ +([\w-]+: write)", job, re.MULTILINE) for job in jobs}
    (publishing,) = [job for job in jobs if "actions/deploy-pages@" in job]

    assert writing[pushing] == ["contents: write"]
    assert writing[publishing] == ["pages: write", "id-token: write"]
    assert [job for job, may in writing.items() if may and job not in {pushing, publishing}] == []
    assert EVERY_TEXT.count("actions/checkout@") == EVERY_TEXT.count("persist-credentials:")
    assert re.findall(r"persist-credentials: (true)", EVERY_TEXT) == ["true"]
    assert "persist-credentials: true" in pushing


def test_no_index_of_packages_is_named():
    indexes = re.findall(r"^ +GRADKATA_EXTRA_INDEX_URL: (.+)$", EVERY_TEXT, re.MULTILINE)

    assert indexes == [
        "${{ vars.GRADKATA_NIGHTLY_INDEX_URL }}",
        "${{ vars.GRADKATA_EXTRA_INDEX_URL }}",
    ]
    assert "://" not in EVERY_TEXT
