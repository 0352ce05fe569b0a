"""On what the course was seen to pass is written in one place, and said everywhere alike."""

import json
import re
import subprocess
import sys

import pytest
import toy_course
from judging import ROOT

from gradkata import seen
from gradkata.cli import doctor
from gradkata.seen import Seen


@pytest.fixture
def file(tmp_path, monkeypatch):
    file = tmp_path / "seen.json"
    file.write_text("[]\n")
    monkeypatch.setattr(seen, "FILE", file)
    return file


def entry(torch, python="3.11", system="Linux", on="2026-01-01"):
    return Seen(torch, python, system, on)


def test_what_was_seen_is_kept_from_the_lowest_torch_to_the_highest(file):
    for version in ("2.10.0", "2.9.1", "2.16.0.dev20260101"):
        seen.record(entry(version))

    assert [found.torch for found in seen.read()] == ["2.9.1", "2.10.0", "2.16.0.dev20260101"]


def test_the_same_seen_again_takes_the_place_of_the_earlier_day(file):
    seen.record(entry("2.9.1"))
    seen.record(entry("2.9.1", on="2026-02-02"))
    seen.record(entry("2.9.1", python="3.12"))

    assert seen.read() == [entry("2.9.1", on="2026-02-02"), entry("2.9.1", python="3.12")]


def test_a_summary_names_each_version_once(file):
    found = [entry("2.9.1"), entry("2.9.1", python="3.12"), entry("2.10.0", system="Darwin")]

    assert seen.summary(found) == "torch 2.9.1, 2.10.0; Python 3.11, 3.12; Darwin, Linux"


def test_the_module_writes_down_what_runs_it(file, monkeypatch):
    code = f"from gradkata import seen; from pathlib import Path; seen.FILE = Path({str(file)!r})"
    run = f"{code}; seen.record(seen.here())"
    subprocess.run(
        [sys.executable, "-W", "ignore", "-c", run], check=True, env=toy_course.child_environment()
    )

    (found,) = json.loads(file.read_text())
    assert found["python"] == f"{sys.version_info.major}.{sys.version_info.minor}"
    assert re.fullmatch(r"\d+\.\d+\.\d+\w*", found["torch"])


def test_doctor_names_what_the_course_was_seen_on(file):
    seen.record(seen.here())

    assert doctor._seen().fact == f"seen on {seen.summary(seen.read())}"


def test_doctor_says_that_it_was_not_seen_on_what_runs_here(file):
    seen.record(entry("2.1.0"))

    here = seen.here()
    assert doctor._seen().fact.endswith(
        f"; not on torch {here.torch} with Python {here.python} on {here.system}"
    )


def test_the_readme_says_the_same():
    assert f"It was seen to judge rightly on {seen.summary(seen.read())}." in " ".join(
        (ROOT / "README.md").read_text(encoding="utf-8").split()
    )
