"""Put the course into the wheel: what `kata init` lays out, and our solutions."""

import re
import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).parent
# Of an exercise all but its answer, which is a learner's by now; its stub comes from the solution.
COURSE = (
    *("exercises/*/README.md", "exercises/*/hints.md", "exercises/*/exercise.toml"),
    *("exercises/*/pictures.py", "exercises/*/*.npz", "exercises/*/*.svg"),
    *("exercises/*/tests/test_*.py", "exercises/*/tests/shared.py"),
    *("solutions/*/*.py", "tests/right_answers/**/*.py"),
)


class WithCourse(build_py):
    """Builds the package, with the course inside as `gradkata/laid_out`."""

    def run(self) -> None:
        """Build; an editable install finds the course where it is."""
        super().run()
        if self.editable_mode:
            return
        inside = Path(self.build_lib, "gradkata", "laid_out")
        shutil.rmtree(inside, ignore_errors=True)
        for file in (file for pattern in COURSE for file in sorted(ROOT.glob(pattern))):
            target = inside / file.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
        (inside / "pyproject.toml").write_text(configuration(), encoding="utf-8")


def configuration() -> str:
    """Return the configuration of a course that is laid out: its version, and what pytest reads."""
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    version = re.search(r'^version = ".*"$', project, re.MULTILINE)
    ours = re.search(r"^\[tool\.pytest\]\n.*?(?=^\[)", project, re.MULTILINE | re.DOTALL)
    assert version
    assert ours
    lines = [line for line in ours[0].rstrip().split("\n") if not line.startswith("pythonpath")]
    return "\n".join(["[tool.gradkata]", version[0], "", *lines, ""])


setup(cmdclass={"build_py": WithCourse})
