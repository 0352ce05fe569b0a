"""A learner's side of the room: what it sends, what it never sends, and that nothing waits."""

import json
import os
import platform
import socket
import subprocess
import sys
import time

import pytest
import room_server
import toy_course

from gradkata import course
from gradkata.results import Outcome, Record, State, TaskRecord
from gradkata.room import member, outbox, reports, sentences
from gradkata.room.sender import Sender
from gradkata.watch import effects as do
from gradkata.watch import events as on
from gradkata.watch import reading
from gradkata.watch.room import NoRoom
from gradkata.watch.state import Watched
from gradkata.watch.update import update

SECRET = "xyzzy-plugh-41"
TOLD = {"stored": True, "hand": False}


@pytest.fixture
def root(tmp_path):
    return toy_course.build(tmp_path / "toy")


@pytest.fixture
def slopes(root):
    return course.Exercise(root, "01_slopes")


@pytest.fixture
def stand_in():
    made = []

    def start(answer):
        made.append(room_server.StandIn(answer))
        return made[-1]

    yield start
    for one in made:
        one.close()


def record(*lines, state=State.WRONG):
    task = TaskRecord("double", state, f"{SECRET}.py:3", list(lines), printed=[SECRET])
    return Record("01_slopes", Outcome.OK, SECRET, [task], SECRET, 0.1)


def member_at(port):
    return member.Member(member.Address("http", "127.0.0.1", port, "7QK4"), "Ada", "s3cret", "")


def sender_at(root, port):
    member.write(root, member_at(port))
    return Sender(root, member_at(port))


def run(root, *arguments, **variables):
    environment = toy_course.child_environment() | {"OMP_NUM_THREADS": "1"} | variables
    command = [sys.executable, "-c", toy_course.RUN, *arguments]
    done = subprocess.run(
        command, cwd=root, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL
    )
    return toy_course.Screen(done.returncode, done.stdout, done.stderr)


def until(is_so, seconds=20.0):
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.02)


# What is said of a verdict


def add_mistake(slopes, sentence):
    test = slopes.tests_of("double")
    text = test.read_text(encoding="utf-8")
    test.write_text(f"{text}\nmistakes = {{{sentence}: 3}}\n", encoding="utf-8")


def test_a_mistake_that_the_tests_name_is_said_as_they_write_it(slopes):
    add_mistake(slopes, '"x is added to three"')

    found = sentences.mistake_in(
        [
            "  backward: 1 of 1 elements differ",
            "This is exactly what you get when x is added to three.",
        ],
        slopes,
        "double",
    )

    assert found == "x is added to three"


def test_the_mistake_that_the_readme_shows_is_said():
    exercise = course.Exercise(toy_course.ROOT, "03_custom_function")
    named = "the incoming gradient is left out: multiply by grad_output"
    line = f"    This is exactly what you get when {named}."

    assert sentences.mistake_in([line], exercise, "Sigmoid") == named


def test_a_value_in_a_sentence_of_the_tests_is_left_out(slopes):
    add_mistake(slopes, 'f"the step is {step:g}, which is too large"')
    line = f"This is exactly what you get when the step is {SECRET}, which is too large."

    assert sentences.mistake_in([line], slopes, "double") == "the step is …, which is too large"


def test_a_factor_of_the_harness_is_said_without_its_value(slopes):
    found = sentences.mistake_in(["Yours is torch's times 3.25, everywhere."], slopes, "double")

    assert found == "Yours is torch's times …, everywhere."


@pytest.mark.parametrize(
    "line",
    [
        f"ValueError: {SECRET}",
        f"This is exactly what you get when {SECRET} is added.",
        f"This is exactly what you get when the sign is flipped {SECRET}.",
    ],
)
def test_words_that_the_course_does_not_write_are_never_said(line, slopes):
    assert sentences.mistake_in([line], slopes, "double") == ""


def test_a_report_holds_states_mistakes_and_hints_and_no_other_word(slopes):
    lines = [f"AssertionError: {SECRET}", f"  3  return '{SECRET}'   in double"]

    said = reports.report_of(slopes, record(*lines), 12.0)

    task = {"task": "double", "state": "wrong", "mistake": "", "hints": 0}
    assert said | {"id": ""} == {"id": "", "exercise": "01_slopes", "at": 12.0, "tasks": [task]}


def test_hints_that_were_asked_for_are_counted(root, slopes):
    run(root, "hint", "double")
    run(root, "hint", "double")

    assert reports.report_of(slopes, record(), 12.0)["tasks"][0]["hints"] == 2


def test_what_was_not_judged_is_not_reported(slopes):
    assert reports.report_of(slopes, record(state=State.NOT_JUDGED), 12.0) is None


def test_nothing_of_a_learner_s_code_or_machine_goes_over_the_wire(root, slopes, stand_in):
    room = stand_in(room_server.answer(TOLD))
    member.write(root, member_at(room.port))
    body = f"raise ValueError('{SECRET}')"
    text = slopes.file.read_text(encoding="utf-8").replace("raise NotImplementedError", body)
    slopes.file.write_text(f"{text}\nprint('{SECRET}')\n", encoding="utf-8")

    run(root, "check", "01")

    heard = b"".join(room.heard)
    assert b'"state": "wrong"' in heard
    # The host is 127.0.0.1, and so is that of the machine's own name at times.
    sent = heard.replace(b"127.0.0.1", b"").decode()
    names = {SECRET, platform.node(), os.fspath(root), root.parent.name, "slopes.py"}
    assert [name for name in names if name and name in sent] == []


# Sending


def test_a_verdict_of_kata_check_is_in_the_room_s_record(root, slopes):
    pytest.importorskip("fastapi")
    room = room_server.Server(root)
    try:
        joined = run(root, "join", room.address, "--as", "Ada")
        slopes.file.write_text(toy_course.SLOPES.replace("x / 2", "x / 3"), encoding="utf-8")
        run(root, "check", "01")
        stored = rows(root, "SELECT task, state FROM verdicts")
    finally:
        room.kill()

    assert joined.out.startswith("you are in gradkata as Ada; kata leave ends it\n")
    assert "never code, values, paths" in joined.out
    assert stored == [("double", "done"), ("halve", "wrong")]
    assert list(outbox.Outbox(member.folder(root) / "outbox")) == []


def rows(root, select):
    import sqlite3

    connection = sqlite3.connect(root / ".gradkata" / "room.db")
    try:
        return connection.execute(select).fetchall()
    finally:
        connection.close()


def test_what_could_not_be_sent_is_sent_when_the_room_is_back(root, slopes, stand_in):
    gone = socket.create_server(("127.0.0.1", 0))
    port = gone.getsockname()[1]
    gone.close()
    sender = sender_at(root, port)
    sender.report(slopes, record())
    until(lambda: list(sender.outbox))
    sender.close()
    kept = list(sender.outbox)

    room = stand_in(room_server.answer(TOLD))
    again = sender_at(root, room.port)
    again.report(slopes, record(state=State.DONE))
    until(lambda: not list(again.outbox))

    assert len(kept) == 1
    assert b'"wrong"' in b"".join(room.heard)
    assert b'"done"' in b"".join(room.heard)


def test_a_report_that_is_refused_for_good_is_given_up(root, slopes, stand_in):
    room = stand_in(room_server.answer({"detail": "no such task"}, "422 Unprocessable"))
    sender = sender_at(root, room.port)

    sender.report(slopes, record())

    until(lambda: any(b"/api/report" in heard for heard in room.heard))
    until(lambda: not list(sender.outbox))


@pytest.mark.parametrize("status", ["429 Slow down", "503 Full", "401 Who", "500 Oh"])
def test_a_report_that_is_refused_for_now_is_kept(status, root, slopes, stand_in):
    room = stand_in(room_server.answer({"detail": "later"}, status))
    sender = sender_at(root, room.port)

    sender.report(slopes, record())

    until(lambda: any(b"/api/report" in heard for heard in room.heard))
    sender.close()
    assert len(list(sender.outbox)) == 1


def test_no_more_is_kept_than_a_day_s_work(tmp_path):
    kept = outbox.Outbox(tmp_path / "outbox")

    for number in range(outbox.MOST + 5):
        kept.add({"id": f"{number:032x}", "at": float(number)})

    found = [report["at"] for _, report in kept]
    assert found == [float(number) for number in range(5, outbox.MOST + 5)]


def test_a_file_among_them_that_is_no_report_is_dropped(tmp_path):
    kept = outbox.Outbox(tmp_path)
    (tmp_path / "000.json").write_text("{", encoding="utf-8")

    assert list(kept) == []
    assert list(tmp_path.iterdir()) == []


HOSTILE = {
    "never answers": None,
    "garbage": b"\x00\xff garbage" * 1000,
    "redirects": b"HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n",
    "no JSON": b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>",
    "a list": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]",
    "deep": b"HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n" + b"[" * 60000,
}


@pytest.mark.parametrize("answer", HOSTILE.values(), ids=HOSTILE)
def test_a_room_that_is_none_costs_a_command_nothing_and_the_report_is_kept(
    answer, root, slopes, stand_in
):
    room = stand_in(answer)
    sender = sender_at(root, room.port)
    until(lambda: room.heard)

    begun = time.monotonic()
    sender.report(slopes, record())
    told = time.monotonic() - begun
    sender.close()
    closed = time.monotonic() - begun

    # A request to it is given up after five seconds.
    assert (told < 1, closed < 2) == (True, True)
    assert [report["exercise"] for _, report in sender.outbox] == ["01_slopes"]


def test_no_address_that_an_answer_leads_to_is_asked(root, slopes, stand_in):
    other = stand_in(room_server.answer(TOLD))
    head = f"HTTP/1.1 307 There\r\nLocation: http://127.0.0.1:{other.port}/\r\n"
    room = stand_in(f"{head}Content-Length: 0\r\n\r\n".encode())
    sender = sender_at(root, room.port)

    sender.report(slopes, record())

    until(lambda: len(room.heard) >= 2)
    assert other.heard == []


def test_a_command_says_nothing_of_a_room_that_is_gone(root):
    member.write(root, member_at(1))

    screen = run(root, "check", "01")

    assert screen == run_without_room(root)


def run_without_room(root):
    member.forget(root)
    return run(root, "check", "01")


def test_a_hand_that_is_raised_is_told_and_so_is_one_that_is_lowered(root, stand_in):
    room = stand_in(room_server.answer({"hand": True}))
    sender = sender_at(root, room.port)

    up = sender.ask_for_help()
    until(lambda: any(b'{"raised": true}' in heard for heard in room.heard))
    down = sender.ask_for_help()
    until(lambda: any(b'{"raised": false}' in heard for heard in room.heard))

    assert up == "your hand is up: the room's page shows that you want help; w lowers it"
    assert down == "your hand is down"


def test_a_hand_that_the_room_shows_is_known_after_a_report(root, slopes, stand_in):
    room = stand_in(room_server.answer({"stored": True, "hand": True}))
    sender = sender_at(root, room.port)

    sender.report(slopes, record())

    until(lambda: sender.hand)
    assert sender.ask_for_help() == "your hand is down"


# Joining and leaving


def test_a_kata_that_runs_reports_nothing_once_its_learner_has_left(root, slopes, stand_in):
    room = stand_in(room_server.answer(TOLD))
    sender = sender_at(root, room.port)
    until(lambda: room.heard)
    member.forget(root)

    sender.report(slopes, record())
    sender.close()

    assert sender.idle.wait(20)
    assert [heard for heard in room.heard if b"/api/report" in heard] == []
    assert list(sender.outbox) == []


def test_leaving_forgets_the_room_and_what_was_to_be_sent(root, slopes):
    member.write(root, member_at(1))
    outbox.Outbox(member.folder(root) / "outbox").add({"id": "0" * 32, "at": 1.0})

    left = run(root, "leave")
    again = run(root, "leave")

    assert (left.out, again.out) == ("you have left the room\n", "you are in no room\n")
    assert [file for file in member.folder(root).rglob("*") if file.is_file()] == []


@pytest.mark.skipif(os.name != "posix", reason="who may read a file is said otherwise here")
def test_the_secret_is_for_its_owner_s_eyes(root):
    member.write(root, member_at(1))

    assert (member.folder(root) / "member.json").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "text, code",
    [
        ("http://192.168.1.7:8750/7QK4", "7QK4"),
        ("192.168.1.7:8750/7qk4", "7QK4"),
        (" http://[::1]:8750/7QK4/ ", "7QK4"),
    ],
)
def test_an_address_is_read_as_it_is_typed(text, code):
    address = member.Address.from_text(text)

    assert (address.port, address.code) == (8750, code)


@pytest.mark.parametrize("text", ["", "7QK4", "http://h:x/7QK4", "ftp://h/7QK4", "http://h/", "/x"])
def test_what_is_no_address_is_one_line(text, root):
    screen = run(root, "join", text)

    assert screen.code == 4
    assert screen.err == (
        f"'{text}' is no address of a room; one looks like http://192.168.1.7:8750/7QK4\n"
    )


def test_no_room_at_an_address_is_one_line(root):
    screen = run(root, "join", "http://127.0.0.1:1/7QK4")

    assert screen.code == 4
    assert screen.err.startswith("no room at http://127.0.0.1:1/7QK4: ")
    assert screen.err.count("\n") == 1


def test_what_answers_at_an_address_drives_no_terminal(root, stand_in):
    room = stand_in(room_server.answer({"detail": "\x1b[2Jgo"}, "404 No"))

    screen = run(root, "join", f"http://127.0.0.1:{room.port}/7QK4")

    assert "\x1b" not in screen.err


def test_without_a_name_two_words_are_made_up(root, stand_in):
    room = stand_in(room_server.answer({"room": "r", "name": "n", "secret": "s"}))

    run(root, "join", f"http://127.0.0.1:{room.port}/7QK4")

    name = json.loads(room.heard[0].partition(b"\r\n\r\n")[2])["name"]
    assert len(name.split()) == 2


def test_nothing_of_the_room_is_imported_where_none_was_joined(root):
    code = (
        "import sys; from pathlib import Path; from gradkata.cli.app import sender_here;"
        "sender_here(Path('.')); print([m for m in sys.modules if m.startswith('gradkata.room')])"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )

    assert found.stdout == "[]\n"


def test_a_learner_s_side_needs_only_the_standard_library():
    code = (
        "import sys; import gradkata.room.sender, gradkata.room.member;"
        "print(sorted({'fastapi', 'starlette', 'pydantic', 'jinja2', 'torch'} & {*sys.modules}))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert found.stdout == "[]\n"


# In kata


def test_w_moves_the_learner_s_hand(root, monkeypatch):
    monkeypatch.chdir(root)
    state = Watched(reading.read_course(root), course.Exercise(root, "01_slopes"))

    _, effects = update(state, on.Key("w"))

    assert effects == (do.MoveHand(),)


def test_what_became_of_the_hand_is_a_notice(root, monkeypatch):
    monkeypatch.chdir(root)
    state = Watched(reading.read_course(root), course.Exercise(root, "01_slopes"))

    after, effects = update(state, on.HandMoved("your hand is up"))

    assert (after.notice, effects) == ("your hand is up", ())


def test_without_a_room_it_is_said_how_one_is_entered():
    assert NoRoom().ask_for_help() == "you are in no room: kata join ADDRESS enters one"
