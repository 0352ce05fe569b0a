"""A room that is killed in the middle of its work has lost nothing that it has acknowledged."""

import contextlib
import http.client
import os
import random
import sqlite3
import threading
import time

import pytest
import room_server
import toy_course

pytest.importorskip("fastapi")

# All twenty take minutes.
TIMES = 20 if os.environ.get("GRADKATA_HEAVY") else 3
SENDERS = 4


def send(room, secret, acknowledged):
    """Report as fast as it goes, until the room is gone."""
    states = ("done", "wrong", "to do")
    with contextlib.suppress(OSError, http.client.HTTPException, ValueError):
        while True:
            told = room_server.report({"double": random.choice(states)})
            if room.ask("/api/report", told, secret=secret).status == 200:
                acknowledged.append(told["id"])


@pytest.mark.timeout(600)
def test_whatever_was_acknowledged_is_there_after_each_kill(tmp_path):
    root = toy_course.build(tmp_path / "toy")
    acknowledged, secret = [], ""
    for turn in range(TIMES):
        room = room_server.Server(root)
        secret = secret or room.join("Ada")
        senders = [
            threading.Thread(target=send, args=(room, secret, acknowledged)) for _ in range(SENDERS)
        ]
        for sender in senders:
            sender.start()
        time.sleep(random.Random(turn).uniform(0.3, 1.5))
        room.kill()
        for sender in senders:
            sender.join()

    connection = sqlite3.connect(root / ".gradkata" / "room.db")
    there = {key for (key,) in connection.execute("SELECT key FROM reports")}
    whole = connection.execute("PRAGMA integrity_check").fetchall()
    connection.close()
    assert len(acknowledged) >= 5 * TIMES
    assert set(acknowledged) - there == set()
    assert whole == [("ok",)]
