"""Put a room under the load of a large workshop, and print what it took: `--help` says how.

Learners report from processes of their own over loopback, each report over a connection of its
own, as `kata` does. Afterwards the reports that were acknowledged are looked for in the database.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import http.client
import json
import math
import multiprocessing
import os
import random
import re
import secrets
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gradkata import course
from gradkata.room.sentences import known

ROOT = Path(__file__).resolve().parents[1]
STATES = ("done", "wrong", "to do")


@dataclass(frozen=True)
class Load:
    """What one process sends.

    Args:
        port: of the room.
        code: by which learners join.
        source: the address that it sends from.
        learners: how many it stands for.
        every: seconds between a learner's reports.
        seconds: how long.
        seed: of what is reported.
    """

    port: int
    code: str
    source: str
    learners: int
    every: float
    seconds: float
    seed: int


async def ask(load: Load, path: str, content: Any, secret: str = "") -> tuple[int, Any, float]:
    """Send a request, and return the status, the answer and the seconds it took."""
    body = json.dumps(content).encode()
    head = [f"POST {path} HTTP/1.1", "Host: room", "Connection: close"]
    head += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    head += [f"Authorization: Bearer {secret}"] if secret else []
    begun = time.perf_counter()
    reader, writer = await asyncio.open_connection(
        "127.0.0.1", load.port, local_addr=(load.source, 0)
    )
    writer.write("\r\n".join([*head, "", ""]).encode() + body)
    answer = await asyncio.wait_for(reader.read(), 30)
    writer.close()
    took = time.perf_counter() - begun
    first, _, text = answer.partition(b"\r\n\r\n")
    return int(first.split()[1]), json.loads(text), took


def report(chance: random.Random) -> dict[str, Any]:
    """Make up a verdict on an exercise of the course."""
    exercise = chance.choice(EXERCISES)
    tasks = []
    for task in exercise.tasks:
        state = chance.choice(STATES)
        mistake = chance.choice(SENTENCES[exercise.name, task]) if state == "wrong" else ""
        tasks.append(
            {"task": task, "state": state, "mistake": mistake, "hints": chance.choice((0, 1))}
        )
    now = time.time()
    return {
        "id": secrets.token_hex(16),
        "exercise": exercise.name,
        "tasks": tasks,
        "at": now,
        "now": now,
    }


EXERCISES = course.exercises(ROOT)[:3]
SENTENCES = {(e.name, task): sorted(known(e, task)) for e in EXERCISES for task in e.tasks}


async def learner(load: Load, number: int, acknowledged: list[str], took: list[float]) -> int:
    """Report until the end, and return how many reports were refused or failed."""
    chance = random.Random(load.seed * 10_000 + number)
    await asyncio.sleep(chance.uniform(0, load.every))
    _, said, _ = await ask(load, f"/api/join/{load.code}", {"name": f"learner {number}"})
    end, failed = time.monotonic() + load.seconds, 0
    while time.monotonic() < end:
        begun = time.monotonic()
        told = report(chance)
        try:
            status, _, seconds = await ask(load, "/api/report", told, said["secret"])
        except (OSError, TimeoutError, ValueError, IndexError):
            status, seconds = 0, 0.0
        if status == 200:
            acknowledged.append(told["id"])
            took.append(seconds)
        else:
            failed += 1
        await asyncio.sleep(max(0.0, begun + load.every - time.monotonic()))
    return failed


def send(load: Load) -> tuple[list[str], list[float], int]:
    """Stand for many learners in one process."""
    acknowledged: list[str] = []
    took: list[float] = []

    async def all_of_them() -> int:
        ones = (learner(load, n, acknowledged, took) for n in range(load.learners))
        return sum(await asyncio.gather(*ones))

    return acknowledged, took, asyncio.run(all_of_them())


class Page(threading.Thread):
    """Listens as the teacher's page does, and notes when it was told of a learner's change."""

    def __init__(self, port: int, cookie: str) -> None:
        super().__init__(daemon=True)
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.connection.request("GET", "/room/events", headers={"Cookie": cookie})
        self.told: dict[tuple[str, str], float] = {}
        self.received = 0

    def run(self) -> None:
        """Listen until the room is closed."""
        with contextlib.suppress(OSError, ValueError, http.client.HTTPException):
            response = self.connection.getresponse()
            for line in response:
                self.received += len(line)
                if line.startswith(b"data: {"):
                    for row in json.loads(line[6:])["rows"]:
                        self.told.setdefault((row["name"], row["states"]), time.monotonic())


def probe(load: Load, page: Page, seconds: float) -> list[float]:
    """Report as one learner more, and return how long the page was without each change."""
    first = EXERCISES[0]
    waits = []

    async def go() -> None:
        _, said, _ = await ask(load, f"/api/join/{load.code}", {"name": "probe"})
        states = ["to do"] * len(first.tasks)
        end = time.monotonic() + seconds
        turn = 0
        while time.monotonic() < end:
            # Each change gives a row that was not there before, as long as there are any.
            states = [("done" if turn >> n & 1 else "wrong") for n in range(len(first.tasks))]
            turn += 1
            now = time.time()
            told = {"id": secrets.token_hex(16), "exercise": first.name, "at": now, "now": now}
            told["tasks"] = [
                {"task": task, "state": state}
                for task, state in zip(first.tasks, states, strict=True)
            ]
            begun = time.monotonic()
            await ask(load, "/api/report", told, said["secret"])
            letters = "".join("d" if state == "done" else "w" for state in states)
            key = await seen(page, letters, begun)
            waits.append(page.told[key] - begun if key else 10.0)
            await asyncio.sleep(1.0)

    asyncio.run(go())
    return waits


async def seen(page: Page, letters: str, begun: float) -> tuple[str, str] | None:
    """Wait until the page has been told of the probe's row."""
    while time.monotonic() < begun + 10:
        for key in list(page.told):
            if key[0] == "probe" and key[1].startswith(letters):
                return key
        await asyncio.sleep(0.01)
    return None


def start(folder: str) -> tuple[subprocess.Popen[str], int, str, str]:
    """Start a room, and return its process, port, learners' code and the teacher's cookie."""
    code = "import sys; sys.argv[0] = 'kata'; from gradkata.cli import main; main()"
    command = [sys.executable, "-c", code, "room", "--port", "0", "--to", folder, "--name", "Load"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    lines = "".join(process.stdout.readline() for _ in range(5))
    found = re.search(r"join http://127\.0\.0\.1:(\d+)/(\w+)", lines)
    teacher = re.search(r"/t/(\w+)", lines)
    assert found
    assert teacher
    return process, int(found[1]), found[2], f"kata_room_{found[2]}={teacher[1]}"


def stored(folder: str) -> set[str]:
    """Return the keys of the reports in the database."""
    connection = sqlite3.connect(Path(folder, "room.db"))
    try:
        return {key for (key,) in connection.execute("SELECT key FROM reports")}
    finally:
        connection.close()


def memory_of(number: int) -> float:
    """Return the MiB of memory that a process has now; nan where the system says it otherwise."""
    file = Path(f"/proc/{number}/statm")
    if sys.platform == "linux":
        return int(file.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
    with contextlib.suppress(OSError, ValueError):
        asked = ["ps", "-o", "rss=", "-p", str(number)]
        return int(subprocess.run(asked, capture_output=True, text=True).stdout) / 1024
    return math.nan


def processor_of(number: int) -> float:
    """Return the seconds of a processor that a process has used; nan where it is not Linux."""
    file = Path(f"/proc/{number}/stat")
    if sys.platform != "linux":
        return math.nan
    user, system = file.read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / float(os.sysconf("SC_CLK_TCK"))


def main() -> int:
    """Run, print a table, and return 1 if a report was lost."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--learners", type=int, default=500)
    reader.add_argument("--every", type=float, default=5.0, help="seconds between two reports")
    reader.add_argument("--seconds", type=float, default=300.0)
    reader.add_argument("--processes", type=int, default=4)
    asked = reader.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        process, port, code, cookie = start(folder)
        try:
            return measure(asked, folder, process, port, code, cookie)
        finally:
            process.kill()
            process.wait()


def measure(
    asked: argparse.Namespace,
    folder: str,
    process: subprocess.Popen[str],
    port: int,
    code: str,
    cookie: str,
) -> int:
    """Send the load, and print what came of it."""
    # Where loopback has many addresses, each process is a machine of its own.
    sources = [f"127.0.1.{n + 1}" if sys.platform == "linux" else "127.0.0.1" for n in range(99)]
    share = [asked.learners // asked.processes] * asked.processes
    share[0] += asked.learners - sum(share)
    loads = [
        Load(port, code, sources[n], count, asked.every, asked.seconds, n)
        for n, count in enumerate(share)
    ]
    time.sleep(2)
    before = processor_of(process.pid)
    page = Page(port, cookie)
    page.start()
    memory: list[float] = []
    own = Load(port, code, "127.0.0.1", 1, 1.0, asked.seconds, 99)
    with multiprocessing.get_context("spawn").Pool(asked.processes) as pool:
        sending = pool.map_async(send, loads)
        time.sleep(asked.every + 3)  # all have joined
        watching = threading.Thread(target=watch, args=(process.pid, memory, sending), daemon=True)
        watching.start()
        waits = probe(own, page, max(5.0, asked.seconds - 10))
        results = sending.get()
        watching.join()
    acknowledged = {key for keys, _, _ in results for key in keys}
    took = sorted(seconds for _, times, _ in results for seconds in times)
    failed = sum(count for _, _, count in results)
    lost = acknowledged - stored(folder)
    half = len(memory) // 2
    each = (processor_of(process.pid) - before) / max(1, len(acknowledged))
    rows = {
        "learners": f"{asked.learners}",
        "each reports every, for": f"{asked.every:g} s, {asked.seconds:g} s",
        "reports acknowledged": f"{len(acknowledged)}",
        "of these not in the database": f"{len(lost)}",
        "refused or failed": f"{failed}",
        "a report, median": f"{1000 * statistics.median(took):.1f} ms",
        "a report, 99th percentile": f"{1000 * took[int(0.99 * len(took))]:.1f} ms",
        "a report, longest": f"{1000 * took[-1]:.0f} ms",
        "from sent to told to the page, median": f"{statistics.median(waits):.2f} s",
        "from sent to told to the page, longest": f"{max(waits):.2f} s",
        "the server's processor time for a report": f"{1000 * each:.1f} ms",
        "the server's memory, half way": f"{memory[half]:.0f} MiB",
        "the server's memory, at the end": f"{memory[-1]:.0f} MiB",
    }
    print("| what | measured |\n| --- | --- |")  # noqa: T201
    for what, measured in rows.items():
        print(f"| {what} | {measured} |")  # noqa: T201
    return 1 if lost or failed else 0


def watch(server: int, memory: list[float], sending: Any) -> None:
    """Note the server's memory twice a second until all is sent."""
    while not sending.ready():
        memory.append(memory_of(server))
        time.sleep(0.5)


if __name__ == "__main__":
    sys.exit(main())
