"""A room is asked what its own description allows, and what it does not: it never breaks."""

import subprocess
import sys

import pytest
import room_server
import toy_course

pytest.importorskip("fastapi")
pytest.importorskip("schemathesis", reason="the session room brings it")

SETTINGS = """
[parameters]
"path.code" = "{code}"
"path.exercise" = "01_slopes"
"path.task" = "double"

[headers]
Authorization = "Bearer {secret}"
Cookie = "kata_room_{code}={teacher}"
"""


@pytest.mark.timeout(600)
def test_nothing_that_is_sent_is_answered_by_a_5xx(tmp_path):
    room = room_server.Server(toy_course.build(tmp_path / "toy"))
    try:
        secret = room.join("Ada")
        settings = SETTINGS.format(code=room.code, secret=secret, teacher=room.teacher)
        (tmp_path / "schemathesis.toml").write_text(settings, encoding="utf-8")
        command = [sys.executable, "-m", "schemathesis.cli", "run", f"{room.base}/openapi.json"]
        # Codes that are tried out would only be answered by 429.
        command += ["--exclude-path", "/t/{code}", "--checks", "not_a_server_error"]
        command += ["--max-examples", "40", "--seed", "1", "--suppress-health-check", "all"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
        still = room.report(secret, {"double": "done"})
    finally:
        room.kill()

    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert " generated" in done.stdout
    assert still.status == 200
