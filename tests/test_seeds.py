"""The session `seeds` measures how near right answers come to a fault, and fails on one."""

import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location

import pytest
from judging import ROOT


@pytest.fixture(scope="module")
def seeds():
    spec = spec_from_file_location("seeds", ROOT / "tools/seeds.py")
    module = sys.modules["seeds"] = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_right_answers_are_done_on_two_seeds_with_a_margin():
    command = [sys.executable, "tools/seeds.py", "--seeds", "2", "--threads", "1", "06"]

    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)

    row = next(line for line in found.stdout.splitlines() if "06_gradient_clipping" in line)
    assert 0 < float(row.split("|")[2]) < 1
    assert found.stdout.endswith("\n2 runs; a right answer was not done in 0\n")
    assert found.returncode == 0


def test_a_right_answer_that_is_not_done_is_named_and_ends_with_code_1(seeds, capsys):
    name = "06_gradient_clipping"
    margins = {(name, "a"): 0.24, (name, "scaled_step"): 0.5, (name, "b"): 0.25}
    found = [
        seeds.Found(3, 1, margins=margins),
        seeds.Found(4, 2, {"06_gradient_clipping scaled_step": "2 == 1"}),
    ]

    assert seeds.show(found) == 1
    shown = capsys.readouterr().out
    rows = [line for line in shown.splitlines() if name in line and line.startswith("|")]
    assert rows == [f"| {name} | 0.5 | scaled_step | 3 | 1 |", f"| {name} | 0.25 | b | 3 | 1 |"]
    assert "seed 4, 2 threads: 06_gradient_clipping scaled_step\n2 == 1\n" in shown
