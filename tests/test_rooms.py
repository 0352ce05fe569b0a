"""The rooms of the package: what may be imported where, and how long a room may be."""

import subprocess
import sys

import pytest

HEAVY = ("pytest", "_pytest", "torch", "numpy")


@pytest.mark.parametrize(
    "module", ["gradkata.judging.runner", "gradkata.judging.protocol", "gradkata.cli"]
)
def test_the_process_that_owns_the_screen_imports_neither_pytest_nor_torch(module):
    code = f"import sys, {module}; print(*sorted({{*{HEAVY!r}}} & {{*sys.modules}}))"

    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert found.stdout.split() == []
