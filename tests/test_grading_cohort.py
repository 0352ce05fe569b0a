"""A cohort of which each row is known beforehand: kata grade finds each as it should be."""

import os
import random
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from importlib.util import module_from_spec, spec_from_file_location

import pytest
import toy_course

from gradkata import course
from gradkata.grading import material, sandbox, servers
from gradkata.grading.canaries import candidates
from gradkata.grading.run import Settings
from gradkata.grading.trial import after_trial

TOOL = toy_course.ROOT / "tools/cohort.py"
COURSE = course.exercises(toy_course.ROOT)
in_a_sandbox = pytest.mark.skipif(bool(sandbox.why_not()), reason=sandbox.why_not())
takes_minutes = pytest.mark.skipif(
    "GRADKATA_HEAVY" not in os.environ, reason="takes minutes: nox -s grade"
)


@pytest.fixture
def cohort():
    spec = spec_from_file_location("cohort", TOOL)
    module = module_from_spec(spec)
    sys.modules["cohort"] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules["cohort"]


def test_a_cohort_has_answers_of_each_kind_and_sixty_hostile_ones(cohort, tmp_path):
    exercises = [COURSE[0], COURSE[2]]

    known = cohort.make(tmp_path, exercises, 500)

    kinds = {answer.kind for answer in known.values()}
    hostile = cohort.hostile_answers
    assert len(known) == 500
    assert {"ours", "stub"} <= kinds
    assert len(kinds & {*hostile.BODIES, *hostile.FILES}) == 60
    assert len(list((tmp_path / "cohort").rglob("*.py"))) == 500


@pytest.mark.parametrize("exercise", COURSE, ids=lambda e: e.name)
def test_each_task_has_canaries_that_say_something_else(exercise):
    copy = course.Exercise(material.copy_of(toy_course.ROOT), exercise.name)

    each = candidates(toy_course.ROOT, copy).each

    for task in exercise.tasks:
        own = [canary.says for canary in each if canary.task == task]
        assert len(set(own)) == len(own) >= 2


@in_a_sandbox
@takes_minutes
def test_each_row_is_as_it_should_be():
    command = [sys.executable, TOOL, "50"]

    done = subprocess.run(command, capture_output=True, text=True)

    assert "50 submissions, 34 distinct, 0 rows amiss" in done.stdout
    assert done.returncode == 0


def begun(cohort, top, to):
    """Grade in the background, and let nothing be seen of it."""
    command = [*cohort.KATA, "grade", top / "cohort", "01", "03", "--to", top / to, *cohort.LIMITS]
    return subprocess.Popen(
        command, cwd=toy_course.ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


@in_a_sandbox
@takes_minutes
@pytest.mark.timeout(1800)
def test_a_run_that_is_killed_at_a_random_moment_ends_with_the_same_records(cohort, tmp_path):
    cohort.make(tmp_path, [COURSE[0], COURSE[2]], 24)
    started = time.monotonic()
    assert begun(cohort, tmp_path, "whole").wait() == 0
    whole, due = time.monotonic() - started, toy_course.records(tmp_path / "whole")
    chance = random.Random(7)

    for number in range(20):
        process = begun(cohort, tmp_path, str(number))
        time.sleep(chance.uniform(0, whole))
        process.kill()
        process.wait()
        assert begun(cohort, tmp_path, str(number)).wait() == 0

        assert toy_course.records(tmp_path / str(number)) == due


@in_a_sandbox
@takes_minutes
@pytest.mark.parametrize("exercise", COURSE, ids=lambda e: e.name)
def test_each_task_has_canaries_that_are_found_wrong(exercise):
    settings = Settings(toy_course.ROOT, (exercise,))

    with ThreadPoolExecutor(max_workers=1) as executor:
        found = after_trial(settings, [exercise], executor).canaries[exercise.name]

    servers.close_all()
    servers.begin()
    assert {canary.task for canary in found.each} == set(exercise.tasks)
