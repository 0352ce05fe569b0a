"""The rooms of the package: what imports what, and how long a module or a class may be."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "gradkata"
MODULES = sorted(PACKAGE.rglob("*.py"))

NEEDED_BY_NONE = ("torch", "numpy")


def name_of(module):
    return module.relative_to(PACKAGE).as_posix()


def imported_by(module, names):
    """Return which of the names a fresh process has imported with a module."""
    code = f"import sys, {module}; print(*sorted({{*{names!r}}} & {{*sys.modules}}))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return found.stdout.split()


@pytest.mark.parametrize(
    "module", ["gradkata.judging.runner", "gradkata.judging.protocol", "gradkata.cli.app"]
)
def test_the_process_that_owns_the_screen_imports_neither_pytest_nor_torch(module):
    assert imported_by(module, ("pytest", "_pytest", *NEEDED_BY_NONE)) == []


def test_pytest_loads_the_plugin_without_torch():
    assert imported_by("gradkata.plugin", NEEDED_BY_NONE) == []


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_a_module_has_350_lines_at_most_and_a_class_150(module):
    text = module.read_text(encoding="utf-8")
    classes = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ClassDef)]
    long = [c.name for c in classes if c.end_lineno - c.lineno + 1 > 150]
    long += [module.name] * (len(text.splitlines()) > 350)

    assert long == []


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_nothing_is_assigned_past_the_type_checker(module):
    tree = ast.parse(module.read_text(encoding="utf-8"))
    targets = [t for node in ast.walk(tree) if isinstance(node, ast.Assign) for t in node.targets]

    assert [ast.unparse(t) for t in targets if ast.unparse(t).startswith("vars(")] == []
