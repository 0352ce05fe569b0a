"""What a room makes of what nobody should send: a sentence, and nothing is stored."""

import http.client
import json
import os
import signal
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
import room_server
import toy_course

pytest.importorskip("fastapi")

from gradkata.cli import main
from gradkata.cli import room as cli_room
from gradkata.room import names, serve, store
from gradkata.room.limits import Buckets

DONE = {"double": "done"}


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return toy_course.build(tmp_path_factory.mktemp("room") / "toy")


@pytest.fixture(scope="module")
def server(root):
    room = room_server.Server(root)
    yield room
    room.kill()


@pytest.fixture(scope="module")
def secret(server):
    return server.join("Ada")


@pytest.fixture
def fresh(tmp_path):
    """A room of the test's own, for what others would notice."""
    started = []

    def start(*options, **more):
        root = tmp_path / "toy"
        if not root.exists():
            toy_course.build(root)
        started.append(room_server.Server(root, *options, **more))
        return started[-1]

    yield start
    for room in started:
        room.kill()


def rows(root, select):
    connection = sqlite3.connect(root / ".gradkata" / "room.db")
    try:
        return connection.execute(select).fetchall()
    finally:
        connection.close()


def reports(root):
    return rows(root, "SELECT count(*) FROM reports")[0][0]


# What is sent

TASKS = [{"task": "double", "state": "done", "mistake": "", "hints": 0}]
BODIES = {
    "another course's exercise": room_server.report(DONE, exercise="01_other"),
    "another course's task": room_server.report({"triple": "done"}),
    "a task of another exercise": room_server.report({"Square": "done"}),
    "an unknown state": room_server.report({"double": "perfect"}),
    "no task": room_server.report({}),
    "no time": room_server.report(DONE, at=None),
    "a time without end": room_server.report(DONE, at=float("inf")),
    "a time that is no number": room_server.report(DONE, at=float("nan")),
    "a time of text": room_server.report(DONE, now="noon"),
    "a key of its own": room_server.report(DONE, id="../../etc"),
    "a member more": room_server.report(DONE, code="def double(x): ..."),
    "hints without end": room_server.report(DONE, tasks=[TASKS[0] | {"hints": 10**30}]),
    "hints that are none": room_server.report(DONE, tasks=[TASKS[0] | {"hints": True}]),
    "tasks that are none": room_server.report(DONE, tasks={"double": "done"}),
    "half a character": room_server.report(DONE, exercise="\ud800"),
    "a name of half a character": room_server.report(DONE) | {"\ud800": 1},
    "a list": [],
    "a number": 7,
    "nothing": None,
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_report_that_is_none_is_one_sentence_and_nothing_is_stored(body, server, secret, root):
    before = reports(root)

    said = server.ask("/api/report", raw=json.dumps(body).encode(), secret=secret)

    assert said.status == 422
    assert "\n" not in said.sentence
    assert len(said.sentence) < 200
    assert reports(root) == before


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff\xfe", b"[" * 8000, b"<html>"])
def test_what_is_no_json_is_one_sentence(raw, server, secret):
    said = server.ask("/api/report", raw=raw, secret=secret)

    assert said.status in (400, 422)
    assert "\n" not in said.sentence


def test_what_is_wrong_is_named_by_its_place_and_never_quoted(server, secret):
    said = server.ask("/api/report", room_server.report({"double": "<b>sly</b>"}), secret=secret)

    assert said.sentence == "tasks.0.state: Input should be 'done', 'wrong', 'to do' or 'part'"


@pytest.mark.parametrize("path", ["/api/report", "/api/hand", "/api/join/{code}"])
def test_a_body_over_16_kib_is_refused_before_it_is_read(path, server, secret):
    body = b" " * (16 * 1024 + 1)

    said = server.ask(path.format(code=server.code), raw=body, secret=secret)

    assert (said.status, said.sentence) == (413, "a request has 16 KiB at most")


def test_a_body_of_16_kib_is_read(server, secret):
    body = json.dumps(room_server.report(DONE)).encode()

    said = server.ask("/api/report", raw=body + b" " * (16 * 1024 - len(body)), secret=secret)

    assert said.content == {"stored": True, "hand": False}


@pytest.mark.parametrize("secret", ["", "wrong", "é", "x" * 5000])
def test_who_has_no_secret_reports_for_nobody(secret, server, root):
    before = reports(root)
    headers = {"Authorization": f"Bearer {secret}".encode("latin-1").decode("latin-1")}

    said = server.ask("/api/report", room_server.report(DONE), headers=headers)

    assert said.status in (401, 422)
    assert reports(root) == before


def test_what_comes_twice_is_stored_once(server, secret, root):
    body = room_server.report(DONE)
    before = reports(root)

    answers = [server.ask("/api/report", body, secret=secret).status for _ in range(3)]

    assert answers == [200, 200, 200]
    assert reports(root) == before + 1


def test_a_sentence_that_is_not_the_course_s_is_shown_to_nobody(fresh):
    room = fresh()
    told = room_server.report({"double": "wrong"}, mistake="the teacher is silly")

    room.ask("/api/report", told, secret=room.join())

    assert rows_of(room, "SELECT task, mistake FROM verdicts") == [("double", "")]


def test_a_sentence_of_the_course_is_stored(fresh):
    room = fresh()
    told = room_server.report({"double": "wrong"}, mistake="Every element of yours is 0.")

    room.ask("/api/report", told, secret=room.join())

    assert rows_of(room, "SELECT mistake FROM verdicts") == [("Every element of yours is 0.",)]


def rows_of(room, select):
    return rows(room.root, select)


# Codes and secrets


@pytest.mark.parametrize("code", ["AAAA", "%F0%9F%98%80", "..%2f.."])
@pytest.mark.parametrize("path", ["/api/join/{}", "/{}", "/{}/wall", "/{}/events", "/t/{}"])
def test_a_code_that_is_wrong_opens_nothing(path, code, server):
    before = rows_of(server, "SELECT count(*) FROM learners")

    said = server.ask(path.format(code), {"name": "Ada"} if "join" in path else None)

    assert said.status in (404, 405)
    assert rows_of(server, "SELECT count(*) FROM learners") == before


TEACHERS = ["/room", "/wall", "/room/events", "/room/learners/1", "/room/tasks/01_slopes/double"]


@pytest.mark.parametrize("path", TEACHERS)
def test_a_learner_does_not_see_the_teacher_s_page(path, server, secret):
    cookie = {"Cookie": f"kata_room_{server.code}={server.code}"}

    said = server.ask(path, secret=secret, headers=cookie)

    assert said.status == 403
    assert said.sentence == "this page opens by the address in the teacher's terminal"


def test_a_learner_lowers_no_hand_but_their_own(server, secret):
    assert server.ask("/room/hands/1", {"raised": False}, secret=secret).status == 403


def test_the_learners_code_opens_the_wall_which_names_nobody(server, secret):
    page = server.ask(f"/{server.code}")

    assert page.status == 200
    assert "Ada" not in page.text
    assert server.teacher not in page.text


def test_the_teacher_s_code_opens_the_page_and_does_not_stay_in_its_address(server):
    entered = server.ask(f"/t/{server.teacher}")
    cookie = entered.headers["set-cookie"]

    page = server.ask("/room", headers={"Cookie": cookie.partition(";")[0]})

    assert (entered.status, entered.headers["location"]) == (303, "/room")
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert page.status == 200
    assert server.teacher not in page.text


def test_pages_run_and_load_nothing_but_their_own(server):
    policy = server.ask(f"/{server.code}").headers["content-security-policy"]

    assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy


def test_secrets_are_stored_hashed(fresh):
    room = fresh()

    secret = room.join()

    assert len(secret) >= 32
    files = [
        file for file in (room.root / ".gradkata").iterdir() if file.name.startswith("room.db")
    ]
    assert [file.name for file in files if secret.encode() in file.read_bytes()] == []


def test_two_of_one_name_are_kept_apart(fresh):
    room = fresh()
    joined = [room.ask(f"/api/join/{room.code}", {"name": "Ada"}).content for _ in range(2)]

    for one, state in zip(joined, ("done", "wrong"), strict=True):
        room.report(one["secret"], {"double": state})

    assert [one["name"] for one in joined] == ["Ada", "Ada (2)"]
    stored = "SELECT learner, state FROM latest ORDER BY learner"
    assert rows_of(room, stored) == [(1, "done"), (2, "wrong")]


def test_who_joins_again_with_their_secret_is_the_same_by_another_name(fresh):
    room = fresh()
    secret = room.join("Ada")

    said = room.ask(f"/api/join/{room.code}", {"name": "Grace"}, secret=secret)

    assert said.content["name"] == "Grace"
    assert rows_of(room, "SELECT id, name FROM learners") == [(1, "Grace")]


# Names


@pytest.mark.parametrize(
    "given, shown",
    [
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("  Ada \t Lovelace\n", "Ada Lovelace"),
        ("\x1b[2Jgone", "[2Jgone"),
        ("a\u202eb", "a b"),
        ("a\ud800b", "a b"),
        ("x" * 10_000, "x" * 39 + "…"),
        ("e" + "\u0301" * 50, "é\u0301\u0301\u0301"),
        ("\u200b\u0000", ""),
    ],
)
def test_a_name_is_cut_to_what_can_be_shown(given, shown):
    assert names.clean(given) == shown


def test_a_name_of_ten_thousand_letters_is_cut_and_one_of_none_is_refused(server):
    long = server.ask(f"/api/join/{server.code}", {"name": "x" * 10_000})
    none = server.ask(f"/api/join/{server.code}", {"name": "\u200b\x00"})

    assert (long.status, len(long.content["name"])) == (200, 40)
    assert (none.status, none.sentence) == (422, "a name has at least one letter")


# Too much


def test_an_address_that_asks_too_often_waits_and_others_do_not():
    buckets = Buckets(rate=10, burst=20)

    for _ in range(20):
        buckets.take("one", 5.0)

    assert buckets.wait("one", 5.0) == pytest.approx(0.1)
    assert buckets.wait("other", 5.0) == 0
    assert buckets.wait("one", 5.2) == 0


def test_a_thousand_requests_at_once_are_slowed_with_a_time_to_wait(fresh):
    room = fresh()
    with ThreadPoolExecutor(16) as many:
        answers = list(many.map(lambda _: room.ask("/api/hello"), range(1200)))
    slowed = [answer for answer in answers if answer.status == 429]

    assert slowed
    assert {answer.headers["retry-after"] for answer in slowed} == {"1"}
    assert {answer.status for answer in answers} == {200, 429}


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere loopback is one address")
def test_while_one_address_is_slowed_another_is_not(fresh):
    room = fresh()
    with ThreadPoolExecutor(16) as many:
        rushing = [many.submit(room.ask, "/api/hello") for _ in range(1200)]
        others = [room.ask("/api/hello", source="127.0.0.2").status for _ in range(20)]
    statuses = {answer.result().status for answer in rushing}

    assert others == [200] * 20
    assert 429 in statuses


def test_codes_cannot_be_tried_one_after_another(fresh):
    room = fresh()
    secret = room.join()

    tried = [room.ask(f"/api/join/{n:04}", {"name": "x"}).status for n in range(40)]

    assert tried[0] == 404
    assert tried[-1] == 429
    # Who is in already is not kept from reporting by one who tries codes from the same address.
    assert room.report(secret, DONE).status == 200


# At the start, and while it runs


def start(root, *options):
    command = [sys.executable, "-c", toy_course.RUN, "room", *options]
    environment = toy_course.child_environment()
    return subprocess.run(
        command, cwd=root, env=environment, capture_output=True, text=True, timeout=100
    )


def test_a_port_that_is_taken_is_one_line(server, root, tmp_path):
    done = start(root, "--port", str(server.port), "--to", str(tmp_path))

    assert done.returncode == 4
    assert done.stderr.startswith(f"127.0.0.1, port {server.port}: ")
    assert done.stderr.endswith("; --port 8751, or another, may be free\n")
    assert done.stderr.count("\n") == 1


def test_a_database_of_another_version_is_one_line(root, tmp_path):
    made = store.Store(tmp_path / "room.db")
    made.connection.execute("PRAGMA user_version = 99")
    made.close()

    done = start(root, "--port", "0", "--to", str(tmp_path))

    assert done.returncode == 4
    assert "room.db is of version 99, this is 1: move it away" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_database_of_another_program_is_left_alone(root, tmp_path):
    other = sqlite3.connect(tmp_path / "room.db")
    other.execute("CREATE TABLE theirs (a)")
    other.commit()
    other.close()

    done = start(root, "--port", "0", "--to", str(tmp_path))

    assert done.returncode == 4
    assert "room.db is no room's database: move it away" in done.stderr


def test_a_file_that_is_no_database_is_one_line(root, tmp_path):
    (tmp_path / "room.db").write_bytes(b"hello " * 1000)

    done = start(root, "--port", "0", "--to", str(tmp_path))

    assert done.returncode == 4
    assert "file is not a database" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_folder_that_cannot_be_made_is_one_line(root, tmp_path):
    (tmp_path / "file").write_text("")

    done = start(root, "--port", "0", "--to", str(tmp_path / "file"))

    assert done.returncode == 4
    assert "room.db cannot be opened: " in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.skipif(
    os.name != "posix" or os.geteuid() == 0, reason="whoever runs this may write anywhere"
)
def test_a_database_that_may_only_be_read_is_one_line(root, tmp_path):
    store.Store(tmp_path / "room.db").close()
    for place in (tmp_path / "room.db", tmp_path):
        place.chmod(place.stat().st_mode & ~0o222)

    done = start(root, "--port", "0", "--to", str(tmp_path))

    assert done.returncode == 4
    assert done.stderr.count("\n") == 1


def test_a_database_that_only_reads_is_said_at_the_start(tmp_path, monkeypatch):
    store.Store(tmp_path / "room.db").close()
    connect = sqlite3.connect

    def only_reading(file, **options):
        connection = connect(file, **options)
        connection.execute("PRAGMA query_only = ON")
        return connection

    monkeypatch.setattr(sqlite3, "connect", only_reading)

    with pytest.raises(store.CannotOpen, match="attempt to write a readonly database"):
        store.Store(tmp_path / "room.db")


def test_every_address_is_said_to_be_every_address():
    settings = {"name": "r", "code": "7QK4", "teacher": "T"}

    lines = serve.opening("0.0.0.0", "http://192.168.1.7:8750", settings)

    assert lines[1] == "  learners type  kata join http://192.168.1.7:8750/7QK4"
    assert lines[-1] == "every machine of the network reaches it, and nothing is encrypted"


def test_without_the_extra_it_is_said_how_to_get_it(root, monkeypatch, capsys):
    monkeypatch.chdir(root)
    monkeypatch.setattr(sys, "argv", ["kata", "room"])
    monkeypatch.setattr(cli_room, "_NEEDED", ("nosuch",))

    with pytest.raises(SystemExit) as left:
        main()

    assert left.value.code == 4
    assert capsys.readouterr().err == f"{cli_room.INSTALL}\n"


@pytest.mark.skipif(os.name != "posix", reason="Ctrl-C is sent otherwise here")
def test_ctrl_c_closes_the_room_also_while_a_page_listens(fresh):
    room = fresh()
    page = http.client.HTTPConnection("127.0.0.1", room.port, timeout=30)
    page.request("GET", f"/{room.code}/events")
    page.getresponse().readline()

    room.process.send_signal(signal.SIGINT)
    said = room.process.stdout.read()

    assert room.process.wait(30) == 0
    assert said == "the room is closed; the same command opens it again\n"
    page.close()
