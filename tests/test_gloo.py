"""What the threads of `gradkata.checks.ranks` give, real processes give too, under gloo."""

import os
import re
import subprocess
import sys

import pytest
import torch.distributed as dist
from judging import ROOT
from kept_answers import COURSE

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="on Linux processes can be forked"),
    pytest.mark.skipif(
        not (dist.is_available() and dist.is_gloo_available()), reason="this torch has no gloo"
    ),
]

(DATA_PARALLEL,) = (e for e in COURSE if e.name == "17_data_parallel")


def ran(*command, cwd=ROOT):
    done = subprocess.run(
        [sys.executable, "-W", "ignore", *command],
        cwd=cwd,
        # Without a buffer, lines of several processes come apart.
        env=os.environ | {"PYTHONUNBUFFERED": ""},
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


# A spawned process imports torch anew, which takes it seconds: in nox -s tests three are enough.
@pytest.mark.timeout(400)
@pytest.mark.parametrize(
    ("method", "numbers"),
    [("fork", (2, 3)), ("spawn", (2, 3) if "GRADKATA_HEAVY" in os.environ else (3,))],
    ids=["forked", "spawned"],
)
def test_each_task_gives_the_same_on_real_processes(method, numbers):
    said = ran("tests/on_gloo.py", method, *map(str, numbers))

    assert sorted(said) == sorted(
        f"{task} on rank {rank} of {ranks}, {method}: the same"
        for ranks in numbers
        for rank in range(ranks)
        for task in DATA_PARALLEL.tasks
    )


@pytest.mark.timeout(400)
def test_the_program_of_the_lesson_runs_under_torchrun(tmp_path):
    lesson = DATA_PARALLEL.lesson.read_text(encoding="utf-8")
    (program,) = re.findall(r"^```py\n(.*?)^```", lesson, re.M | re.S)
    (typed,) = re.findall(r"^torchrun (.*)$", lesson, re.M)
    (tmp_path / "mean.py").write_text(program, encoding="utf-8")

    said = ran("-m", "torch.distributed.run", "--standalone", *typed.split(), cwd=tmp_path)

    # torchrun lets each write a line in pieces, and another's may come between them.
    assert sorted("".join(said)) == sorted("0 6.01 6.02 6.0")
