"""An answer may have child processes: its verdict is pytest's, and whatever ends, none is left."""

import itertools
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
import toy_course
from test_runner import PATIENT, lines_of, states, survive

from gradkata import course
from gradkata.judging import runner

HALVE = "return x / 2"
LOADER = """
    data = torch.utils.data.TensorDataset(torch.tensor([[x], [x]]))
    loader = torch.utils.data.DataLoader(
        data, num_workers=2, generator=torch.Generator()
    )
    return sum(batch[0].item() for batch in loader) / 4"""
POOL = """
    with multiprocessing.Pool(2) as pool:
        return pool.map(_half, [x])[0]"""
PROCESS = """
    words = multiprocessing.Queue()
    child = multiprocessing.Process(target=lambda: words.put(x / 2))
    child.start()
    found = words.get()
    child.join()
    return found"""
EXECUTOR = """
    with concurrent.futures.ProcessPoolExecutor(2) as pool:
        return pool.submit(_half, x).result()"""
MANAGER = """
    with multiprocessing.Manager() as manager:
        return manager.list([x / 2])[0]"""
CHOOSES = """
    multiprocessing.set_start_method("fork")
    multiprocessing.set_start_method(None, force=True)
    is_main = multiprocessing.current_process().name == "MainProcess"
    return x / 2 if is_main and multiprocessing.parent_process() is None else 0"""
FIRST = """import concurrent.futures, multiprocessing, torch, torch.utils.data
def _half(x): return x / 2
"""
WAYS = {
    "DataLoader": LOADER,
    "Pool": POOL,
    "Process": PROCESS,
    "executor": EXECUTOR,
    "Manager": MANAGER,
    "start method": CHOOSES,
}


@pytest.fixture
def slopes(tmp_path):
    root = toy_course.build(tmp_path / "toy")
    return course.Exercise(root, "01_slopes")


@pytest.fixture
def answer(slopes):
    """Save an answer whose `halve` has this body."""

    def answer(body, first=FIRST):
        slopes.file.write_text(first + toy_course.SLOPES.replace(HALVE, body.strip()))
        return slopes.root / "exercises"

    return answer


# Of each kind one, where it takes a process of its own.
SOME = ("DataLoader", "Manager", "start method")


@pytest.mark.parametrize(
    ("warm", "way"), [*((True, way) for way in WAYS), *((False, way) for way in SOME)]
)
def test_an_answer_may_have_children_in_a_judgement(warm, way, slopes, answer):
    record = runner.judge(slopes, answer(WAYS[way]), limits=PATIENT, warm=warm)

    assert (states(record)["halve"], lines_of(record, "halve")) == ("done", "")


@pytest.mark.parametrize("way", SOME)
def test_an_answer_may_have_children_under_pytest(way, slopes, answer):
    answer(WAYS[way])

    found = subprocess.run(
        [sys.executable, "-m", "pytest", "exercises/01_slopes"],
        cwd=slopes.root,
        env=toy_course.child_environment(),
        capture_output=True,
        text=True,
    )

    assert "01_slopes  ✓ double  ✓ halve\n" in found.stdout


# A semaphore and a piece of shared memory have names, until whoever keeps them removes these.
LEAVES = """
    memory = multiprocessing.shared_memory.SharedMemory(create=True, size=64)
    lock = multiprocessing.get_context("spawn").Lock()
    with open({note!r}, "w") as note: note.write(memory.name + " sem" + lock._semlock.name[1:])
    global pool
    pool = multiprocessing.Pool(2)
    pids = [child.pid for child in multiprocessing.active_children()]
    with open({note!r} + ".pids", "w") as note: note.write(" ".join(map(str, pids)))
    {then}
    return x / 2"""


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="it shows what has a name (Linux)")
@pytest.mark.parametrize("then", ["pass", "os._exit(0)", "os.kill(os.getpid(), 9)"])
@pytest.mark.parametrize("warm", [True, False], ids=["forked", "fresh"])
def test_children_and_what_they_share_are_not_left_behind(warm, then, slopes, answer, tmp_path):
    note = tmp_path / "names"
    body = LEAVES.format(note=str(note), then=then)
    answers = answer(body, FIRST + "import multiprocessing.shared_memory, os\n")

    runner.judge(slopes, answers, limits=PATIENT, warm=warm)

    pids = Path(f"{note}.pids").read_text().split()
    assert len(pids) == 2
    assert survive(map(int, pids)) == []
    memory, semaphore = note.read_text().split()
    assert not Path("/dev/shm", memory).exists()
    assert not Path("/dev/shm", semaphore.replace("sem", "sem.", 1)).exists()


def test_children_of_a_pool_count_for_the_limit_of_processes(slopes, answer):
    body = "\n    multiprocessing.Pool(80)\n    import time; time.sleep(60)"

    record = runner.judge(slopes, answer(body), limits=PATIENT)

    assert record.detail == "it started more than 32 processes"


LOOPS = """
    if os.fork() == 0:
        with open({note!r}, "w") as note: note.write(str(os.getpid()))
        while True: pass
    while True: pass"""


@pytest.mark.parametrize(
    ("warm", "whom", "how"),
    [
        *itertools.product([True], ["kata alone", "all"], ["SIGHUP", "SIGKILL"]),
        (True, "kata alone", "SIGTERM"),
        (False, "kata alone", "SIGKILL"),
    ],
)
def test_whatever_ends_kata_its_answers_children_end_too(warm, whom, how, slopes, answer, tmp_path):
    note = tmp_path / "pid"
    answer(LOOPS.format(note=str(note)), "import os\n")
    fresh = "from gradkata.judging import forking; forking.why_not = lambda: 'fresh'; "
    kata = subprocess.Popen(
        [sys.executable, "-c", ("" if warm else fresh) + toy_course.RUN, "check", "01"],
        cwd=slopes.root,
        env=toy_course.child_environment() | {"TMPDIR": str(tmp_path)},
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while not note.exists() or not note.read_text():
        assert kata.poll() is None
        time.sleep(0.05)
    family = [child.pid for child in psutil.Process(kata.pid).children(recursive=True)]

    (os.kill if whom == "kata alone" else os.killpg)(kata.pid, getattr(signal, how))

    kata.wait()
    left = survive([int(note.read_text()), *family])
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    assert left == []
    files = [f.name for f in tmp_path.iterdir() if f.name.startswith(("pymp", "gradkata"))]
    # Of files nobody can take care where all that knew of them was killed.
    assert files == [] or how == "SIGKILL"
