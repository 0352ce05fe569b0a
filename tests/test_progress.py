import json
import subprocess
import sys

import pytest
import toy_course

from gradkata import course
from gradkata.course import progress


@pytest.fixture
def exercise(tmp_path):
    return course.find_exercise(toy_course.build(tmp_path), "01")


def damage(exercise, name, content):
    folder = exercise.root / ".gradkata"
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.json").write_text(content)


def test_nothing_is_known_before_a_run(exercise):
    assert progress.known_states(exercise) == {}


def test_states_are_known_after_they_were_remembered(exercise):
    progress.remember_states(exercise, {"double": "done", "halve": "wrong"})

    assert progress.known_states(exercise) == {"double": "done", "halve": "wrong"}


def test_states_of_a_later_run_join_those_of_the_same_files(exercise):
    progress.remember_states(exercise, {"double": "to do", "halve": "wrong"})

    progress.remember_states(exercise, {"double": "done"})

    assert progress.known_states(exercise) == {"double": "done", "halve": "wrong"}


def test_states_of_one_exercise_leave_those_of_another(exercise):
    other = course.find_exercise(exercise.root, "02")
    progress.remember_states(other, {"Square": "done"})

    progress.remember_states(exercise, {"double": "done"})

    assert progress.known_states(other) == {"Square": "done"}


@pytest.mark.parametrize("changed", ["slopes.py", "tests/shared.py"])
def test_states_are_forgotten_when_a_file_they_depend_on_changes(exercise, changed):
    progress.remember_states(exercise, {"double": "done"})

    with (exercise.folder / changed).open("a") as file:
        file.write("# changed\n")

    assert progress.known_states(exercise) == {}


def test_a_state_is_forgotten_alone_when_the_tests_of_its_task_change(exercise):
    progress.remember_states(exercise, {"double": "done", "halve": "done"})

    with exercise.tests_of("double").open("a") as file:
        file.write("# changed\n")

    assert progress.known_states(exercise) == {"halve": "done"}


def test_states_of_changed_files_do_not_join_the_old_ones(exercise):
    progress.remember_states(exercise, {"double": "done"})
    exercise.file.write_text("changed = True\n")

    progress.remember_states(exercise, {"halve": "wrong"})

    assert progress.known_states(exercise) == {"halve": "wrong"}


def test_a_missing_file_has_a_digest_of_its_own(exercise):
    exercise.file.unlink()

    missing = progress.digest(exercise.file)
    exercise.file.write_bytes(b"unreadable")
    assert missing != progress.digest(exercise.file)


def test_a_state_can_be_remembered_of_a_missing_file(exercise):
    exercise.file.unlink()

    progress.remember_states(exercise, {"double": "wrong"})

    assert progress.known_states(exercise) == {"double": "wrong"}


@pytest.mark.parametrize(
    "content",
    ["", "not json", "[]", '{"01_slopes": 1}', '{"01_slopes": {"of": "x"}}', "\x00"],
)
def test_damaged_verdicts_are_like_none(exercise, content):
    damage(exercise, "verdicts", content)

    assert progress.known_states(exercise) == {}


def test_states_that_are_no_mapping_are_like_none(exercise):
    progress.remember_states(exercise, {"double": "done"})
    verdicts = json.loads((exercise.root / ".gradkata" / "verdicts.json").read_text())
    verdicts[exercise.name] = {"double": "done"}
    damage(exercise, "verdicts", json.dumps(verdicts))

    assert progress.known_states(exercise) == {}


def test_each_request_for_a_hint_is_due_one_step_more(exercise):
    steps = [progress.next_hint(exercise, "double", 3) for _ in range(3)]

    assert steps == [1, 2, 3]


def test_a_request_after_the_last_step_is_due_the_last_again(exercise):
    steps = [progress.next_hint(exercise, "halve", 1) for _ in range(2)]

    assert steps == [1, 1]


def test_hints_of_one_task_leave_those_of_another(exercise):
    progress.next_hint(exercise, "double", 2)

    assert progress.next_hint(exercise, "halve", 2) == 1


def test_a_damaged_count_of_hints_starts_again(exercise):
    damage(exercise, "hints", '{"double": "two"}')

    assert progress.next_hint(exercise, "double", 2) == 1


def test_a_course_that_cannot_be_written_works_without_memory(exercise):
    (exercise.root / ".gradkata").write_text("in the way of the folder")

    progress.remember_states(exercise, {"double": "done"})

    assert progress.known_states(exercise) == {}


def test_no_draft_is_left_beside_what_is_remembered(exercise):
    progress.remember_states(exercise, {"double": "done"})

    assert [file.name for file in (exercise.root / ".gradkata").iterdir()] == ["verdicts.json"]


# The system then refuses to write on, as it does on a full disk.
FULL = """
import resource, sys
from pathlib import Path
from gradkata import course
from gradkata.course import progress

resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10))
progress.remember_states(course.find_exercise(Path(sys.argv[1]), "01"), {"double": "done"})
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on a file's size")
def test_no_draft_is_left_on_a_full_disk(exercise):
    progress.remember_states(exercise, {"double": "wrong"})

    command = [sys.executable, "-c", FULL, str(exercise.root)]
    subprocess.run(command, env=toy_course.child_environment(), check=True)

    assert [file.name for file in (exercise.root / ".gradkata").iterdir()] == ["verdicts.json"]
    assert progress.known_states(exercise) == {"double": "wrong"}
