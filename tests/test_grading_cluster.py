"""A cluster of Dask's judges as this machine does: a real scheduler, and real workers."""

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time

import psutil
import pytest
import toy_course
import two_hosts
from hostile_answers import BODIES, with_body

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
DASK = sys.executable, "-m", "dask"
# What a shell starts in the background ignores Ctrl-C, and so does all that it starts.
HEARS = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
RUN = f"{HEARS}; {toy_course.RUN}"


@pytest.fixture(scope="module")
def cohort(tmp_path_factory):
    texts = [OURS, FIRST.file.read_text(encoding="utf-8"), "def (", OURS + ENDS]
    texts += [f"{OURS}\n# {number}\n" for number in range(6)]
    top = tmp_path_factory.mktemp("cohort")
    return handed_in(top, {f"learner-{number}": text for number, text in enumerate(texts)})


def handed_in(top, texts):
    for name, text in texts.items():
        file = top / name / FIRST.name / f"{FIRST.topic}.py"
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
                [*DASK, *words, "--scheduler-file", str(file)],
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


def begun(cohort, to, *arguments, stdout=subprocess.DEVNULL):
    return subprocess.Popen(
        [sys.executable, "-c", RUN, "grade", cohort, "01", "--to", to, *arguments],
        cwd=toy_course.ROOT,
        env=toy_course.child_environment(),
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_cluster_gives_the_records_that_threads_give(cohort, cluster, tmp_path):
    address, worker = cluster
    worker(), worker()
    assert begun(cohort, tmp_path / "here").wait(timeout=250) == 0

    done = begun(cohort, tmp_path / "there", "--scheduler", address)

    assert done.wait(timeout=250) == 0
    assert toy_course.records(tmp_path / "there") == toy_course.records(tmp_path / "here")


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
    states = [
        row["state"] for line in toy_course.records(tmp_path / "there")[1:] for row in line["rows"]
    ]
    assert len(states) == 10 * len(FIRST.tasks)
    assert "not judged" not in states


def test_a_scheduler_that_does_not_answer_is_one_line_and_code_4(cohort, tmp_path):
    done = begun(cohort, tmp_path / "there", "--scheduler", "tcp://127.0.0.1:9")

    assert done.wait(timeout=100) == 4
    assert done.stderr.read().startswith("no scheduler at tcp://127.0.0.1:9: ")


# From here on each worker is alone on a host with a network and processes of its own.

ENDLESS = with_body(OURS, FIRST.tasks[1], "while True: pass")
KILLERS = {
    "who-watches": "import os; os.kill(os.getppid(), 9); return 0",
    "everybody": """
        import os, signal
        for number in [*map(int, filter(str.isdigit, os.listdir("/proc"))), os.getppid()]:
            if number != os.getpid():
                try: os.kill(number, 9)
                except OSError: pass
        try: os.kill(-1, 9)
        except OSError: pass
        os.killpg(0, 9)
    """,
    "forks": "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass",
    "memory": BODIES["memory of a family"].code,
}
# Without a sandbox this ends all that runs on one of our hosts, and does nothing anywhere else.
FELLS = """
import os, socket
if socket.gethostname().startswith("gk"):
    os.kill(-1, 9)
"""


@pytest.fixture(scope="module")
def mixed(tmp_path_factory):
    """Submissions of every kind, one that kills, one that forks and one without an end too."""
    texts = {
        "stub": FIRST.file.read_text(encoding="utf-8"),
        "no-python": "def (",
        "endless": ENDLESS,
    }
    texts |= {f"ours-{n}": f"{OURS}\n# {n}\n" for n in range(4)}
    texts |= {name: with_body(OURS, FIRST.tasks[0], code) for name, code in KILLERS.items()}
    return handed_in(tmp_path_factory.mktemp("mixed"), texts)


@pytest.fixture(scope="module")
def by_threads(mixed, tmp_path_factory):
    """Return the records of a run on this machine alone."""
    to = tmp_path_factory.mktemp("threads")
    assert begun(mixed, to).wait(timeout=250) == 0
    return toy_course.records(to)


@pytest.fixture
def network(tmp_path):
    if why := two_hosts.why_not():
        pytest.skip(why)
    with two_hosts.network(["one", "two"], tmp_path) as made:
        yield made


@pytest.fixture
def scheduler(network, tmp_path):
    """Start a scheduler, and give its process and its address."""
    own, _ = network
    file = tmp_path / "scheduler.json"
    command = [*DASK, "scheduler", "--host", own, "--port", "0", "--no-dashboard"]
    process = subprocess.Popen(
        [*command, "--scheduler-file", file],
        env=os.environ | {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    with contextlib.ExitStack() as ends:
        ends.callback(end, process)
        two_hosts.wait_for(file.exists)
        yield process, json.loads(file.read_text())["address"]


@pytest.fixture
def hosts(network, scheduler):
    """Give the address of a scheduler, and two hosts for workers."""
    _, both = network
    return scheduler[1], *both


def work(host, address, *, threads=1, options=("--no-dashboard", "--no-nanny"), **more):
    host.temporary.mkdir(exist_ok=True)
    usual = {"OMP_NUM_THREADS": "1", **toy_course.child_environment()}
    command = [*DASK, "worker", address, "--nthreads", str(threads), *options]
    host.run(command, **usual | more)
    two_hosts.wait_for(lambda: "Registered to" in host.log.read_text())


def left_on(*hosts):
    """Return what runs on hosts beside their workers."""
    every = [command for host in hosts for command in host.processes()]
    return [command for command in every if not command[0].startswith("dask worker")]


def lines_in(to):
    file = to / "results.jsonl"
    return file.read_bytes().count(b"\n") - 1 if file.exists() else 0


def in_the_middle(cohort, hosts, to):
    """Begin to grade on two hosts, and return when three answers are judged."""
    address, one, two = hosts
    work(one, address), work(two, address)
    run = begun(cohort, to, "--scheduler", address)
    two_hosts.wait_for(lambda: lines_in(to) >= 3)
    return run


def states(to):
    found = {}
    for line in toy_course.records(to)[1:]:
        found.setdefault(line["learner"], set()).update(row["state"] for row in line["rows"])
    return found


def sentences(to):
    return {row["sentence"] for line in toy_course.records(to)[1:] for row in line["rows"]}


def test_two_hosts_give_the_records_that_threads_give_whatever_answers_do(
    mixed, by_threads, hosts, tmp_path
):
    address, *both = hosts
    page = (toy_course.ROOT / "docs" / "cohort.md").read_text(encoding="utf-8")
    (as_on_the_page,) = re.findall(r"^dask worker tcp://one:8786 (.*?) +#", page, re.MULTILINE)
    for host in both:
        work(host, address, options=as_on_the_page.replace("--nworkers 4", "--nworkers 2").split())

    run = begun(mixed, tmp_path / "there", "--scheduler", address)

    assert run.wait(timeout=280) == 0
    assert toy_course.records(tmp_path / "there") == by_threads


def test_a_host_that_falls_in_the_middle_costs_no_row(mixed, by_threads, hosts, tmp_path):
    _, one, _ = hosts
    run = in_the_middle(mixed, hosts, tmp_path / "there")

    one.fall()

    assert run.wait(timeout=280) == 0
    assert toy_course.records(tmp_path / "there") == by_threads


def test_an_answer_that_ends_its_worker_each_time_costs_its_own_rows_alone(hosts, tmp_path):
    address, *both = hosts
    for host in both:
        work(host, address, threads=2)
    texts = {f"ours-{n}": f"{OURS}\n# {n}\n" for n in range(6)}
    texts["fells"] = with_body(OURS, FIRST.tasks[0], FELLS)
    submissions = handed_in(tmp_path / "submissions", texts)

    run = begun(submissions, tmp_path / "there", "--scheduler", address, "--no-sandbox")

    assert run.wait(timeout=280) == 1
    assert states(tmp_path / "there") == {name: {"done"} for name in texts} | {
        "fells": {"not judged"}
    }


@pytest.mark.parametrize("what", ["tests", "harness"])
def test_a_worker_of_another_version_is_refused_by_name_until_there_is_a_good_one(
    what, cohort, hosts, tmp_path
):
    address, one, two = hosts
    other = another_course(tmp_path / "other", what)
    work(one, address, PYTHONPATH=str(other / "src"))
    to = tmp_path / "there"
    assert begun(cohort, to, "--scheduler", address).wait(timeout=280) == 1
    said = f"{one.name}: another version of the {what} is on this machine"
    assert sentences(to) == {said}

    work(two, address)

    assert begun(cohort, to, "--scheduler", address).wait(timeout=280) == 0
    assert [who for who, found in states(to).items() if "not judged" in found] == []


def test_ctrl_c_keeps_what_was_judged_and_leaves_nothing_on_the_hosts(
    mixed, by_threads, hosts, tmp_path
):
    address, one, two = hosts
    to = tmp_path / "there"
    run = in_the_middle(mixed, hosts, to)

    run.send_signal(signal.SIGINT)

    assert run.wait(timeout=60) == 130
    assert run.stderr.read() == "stopped; the same command goes on from here\n"
    kept = toy_course.records(to)
    assert 3 <= len(kept) - 1 < len(by_threads) - 1
    assert all(line in by_threads for line in kept)
    # A killed process takes a moment to go.
    two_hosts.wait_for(lambda: left_on(one, two) == [], within=10)
    assert begun(mixed, to, "--scheduler", address).wait(timeout=280) == 0
    assert toy_course.records(to) == by_threads


def test_whoever_is_killed_while_grading_leaves_nothing_on_the_hosts_for_long(
    mixed, by_threads, hosts, tmp_path
):
    address, one, two = hosts
    to = tmp_path / "there"
    run = in_the_middle(mixed, hosts, to)

    end(run)

    assert left_on(one, two) != []
    two_hosts.wait_for(lambda: left_on(one, two) == [])
    assert begun(mixed, to, "--scheduler", address).wait(timeout=280) == 0
    assert toy_course.records(to) == by_threads


def test_a_scheduler_that_is_lost_in_the_middle_costs_what_was_not_judged_yet(
    mixed, by_threads, scheduler, hosts, tmp_path
):
    process, _ = scheduler
    to = tmp_path / "there"
    run = in_the_middle(mixed, hosts, to)

    end(process)

    assert run.wait(timeout=100) == 1
    left = [line for line in toy_course.records(to) if line not in by_threads]
    said = {row["sentence"] for line in left for row in line["rows"]}
    assert said == {"the connection to the scheduler was lost"}
    assert begun(mixed, to).wait(timeout=250) == 0
    assert toy_course.records(to) == by_threads


def test_when_the_last_worker_is_gone_it_is_said_and_the_next_one_goes_on(
    mixed, by_threads, hosts, tmp_path
):
    address, one, two = hosts
    work(one, address)
    to, said = tmp_path / "there", tmp_path / "said"
    with said.open("w") as file:
        run = begun(mixed, to, "--scheduler", address, stdout=file)
    two_hosts.wait_for(lambda: lines_in(to) >= 3)

    one.fall()

    two_hosts.wait_for(lambda: f"no worker is left at {address}:" in said.read_text(), within=30)
    work(two, address)
    assert run.wait(timeout=280) == 0
    assert toy_course.records(to) == by_threads


def another_course(top, what):
    """Copy the course with its first exercise, and change a byte in what judges."""
    for folder in ("src", f"exercises/{FIRST.name}"):
        shutil.copytree(toy_course.ROOT / folder, top / folder)
    for file in ("pyproject.toml", "conftest.py", FIRST.solution.relative_to(toy_course.ROOT)):
        (top / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(toy_course.ROOT / file, top / file)
    file = {
        "tests": next((top / "exercises" / FIRST.name / "tests").glob("test_*.py")),
        "harness": top / "src/gradkata/judging/worker.py",
    }[what]
    file.write_text(file.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    return top
