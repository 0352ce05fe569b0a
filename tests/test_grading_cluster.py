"""A cluster of Dask's judges as this machine does: a real scheduler, and real workers."""

import contextlib
import json
import os
import subprocess
import sys
import time

import psutil
import pytest
import toy_course

from gradkata import course
from gradkata.grading import sandbox

pytest.importorskip("distributed", reason="only the extra workshop brings Dask")
pytestmark = [
    pytest.mark.skipif(bool(sandbox.why_not()), reason=sandbox.why_not()),
    pytest.mark.skipif("GRADKATA_HEAVY" not in os.environ, reason="takes minutes: nox -s grade"),
]

FIRST = course.exercises(toy_course.ROOT)[0]
OURS = FIRST.solution.read_text(encoding="utf-8")
ENDS = "import os; os._exit(0)\n"


@pytest.fixture(scope="module")
def cohort(tmp_path_factory):
    top = tmp_path_factory.mktemp("cohort")
    texts = [OURS, FIRST.file.read_text(encoding="utf-8"), "def (", OURS + ENDS]
    texts += [f"{OURS}\n# {number}\n" for number in range(6)]
    for number, text in enumerate(texts):
        file = top / f"learner-{number}" / FIRST.name / f"{FIRST.topic}.py"
        file.parent.mkdir(parents=True)
        file.write_text(text, encoding="utf-8")
    return top


@pytest.fixture
def cluster(tmp_path):
    """Start a scheduler and workers, each a process of its own."""
    file = tmp_path / "scheduler.json"
    with contextlib.ExitStack() as ends:

        def start(*words, **more):
            process = subprocess.Popen(
                [sys.executable, "-m", "dask", *words, "--scheduler-file", str(file)],
                cwd=tmp_path,
                env=os.environ | more,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            ends.callback(end, process)
            return process

        start(
            "scheduler",
            "--port",
            "0",
            "--no-dashboard",
            DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="1",
        )
        while not file.exists():
            time.sleep(0.1)

        def worker(**more):
            return start("worker", "--nthreads", "1", "--no-dashboard", "--no-nanny", **more)

        yield json.loads(file.read_text())["address"], worker


def end(process):
    with contextlib.suppress(psutil.NoSuchProcess):
        for of in [*psutil.Process(process.pid).children(recursive=True), process]:
            of.kill()
    process.wait()


def begun(cohort, to, *arguments):
    return subprocess.Popen(
        [sys.executable, "-c", toy_course.RUN, "grade", cohort, "01", "--to", to, *arguments],
        cwd=toy_course.ROOT,
        env=toy_course.child_environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def records(to):
    lines = [json.loads(line) for line in (to / "results.jsonl").read_text().splitlines()]
    for line in lines[1:]:
        for row in line["rows"]:
            row["seconds"] = 0
    return lines


def test_a_cluster_gives_the_records_that_threads_give(cohort, cluster, tmp_path):
    address, worker = cluster
    worker(), worker()
    assert begun(cohort, tmp_path / "here").wait(timeout=250) == 0

    done = begun(cohort, tmp_path / "there", "--scheduler", address)

    assert done.wait(timeout=250) == 0
    assert records(tmp_path / "there") == records(tmp_path / "here")


def test_a_worker_that_is_killed_in_the_middle_costs_no_row(cohort, cluster, tmp_path):
    address, worker = cluster
    first, _ = worker(), worker()
    run = begun(cohort, tmp_path / "there", "--scheduler", address)
    file = tmp_path / "there" / "results.jsonl"
    while not file.exists() or file.read_bytes().count(b"\n") < 4:
        assert run.poll() is None
        time.sleep(0.1)

    end(first)

    assert run.wait(timeout=250) == 0
    states = [row["state"] for line in records(tmp_path / "there")[1:] for row in line["rows"]]
    assert len(states) == 10 * len(FIRST.tasks)
    assert "not judged" not in states


def test_a_scheduler_that_does_not_answer_is_one_line_and_code_4(cohort, tmp_path):
    done = begun(cohort, tmp_path / "there", "--scheduler", "tcp://127.0.0.1:9")

    assert done.wait(timeout=100) == 4
    assert done.stderr.read().startswith("no scheduler at tcp://127.0.0.1:9: ")
