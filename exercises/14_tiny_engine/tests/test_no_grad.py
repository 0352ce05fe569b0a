import pytest
import tiny_engine

from gradkata.checks import Wrong, check, situation

from .shared import _recording, check_after_an_error, state_after_an_error

pytestmark = pytest.mark.task("no_grad")


def is_on():
    return tiny_engine.GRAD_MODE.enabled


def made_while(enabled):
    tiny_engine.GRAD_MODE.enabled = enabled
    return tiny_engine.no_grad()


def inside_and_after(off, before):
    mode = tiny_engine.GRAD_MODE
    mode.enabled = before
    with off:
        inside = mode.enabled
    return inside, is_on()


def test_no_grad_switches_recording_off_and_back_to_what_it_was():
    made_on, made_off = made_while(True), made_while(False)

    seen = [inside_and_after(made_on, False), inside_and_after(made_off, True)]

    check(
        seen,
        [(False, False), (False, True)],
        what="recording inside and after a block, with recording off before, and with it on",
        mistakes={
            "recording is on at the end, whatever it was": [(False, True), (False, True)],
            "recording stays off at the end": [(False, False), (False, False)],
            "what was when the object was made comes back": [(False, True), (False, False)],
            "recording is turned over: off becomes on": [(True, False), (False, True)],
            "GRAD_MODE is another object meanwhile: change its `enabled`": (
                [(False, False), (True, True)]
            ),
        },
    )

    tiny_engine.GRAD_MODE.enabled = False
    with tiny_engine.no_grad():
        tiny_engine.GRAD_MODE.enabled = True
    what = "recording after a block that switched it on itself, where it was off before"
    check(is_on(), False, what=what)


def test_no_grad_can_be_used_again_and_entered_inside_itself():
    off = tiny_engine.no_grad()

    with situation("entered again after its end"):
        seen = [*inside_and_after(off, True), *inside_and_after(off, True)]
    with situation("entered again inside itself"):
        with off:
            with off:
                seen.append(is_on())
            seen.append(is_on())
        seen.append(is_on())

    check(
        seen,
        [False, True, False, True, False, False, True],
        what="recording inside and after two blocks, and in and after a block within a block",
        mistakes={
            "there is one place for the old state, which the inner block overwrites": (
                [False, True, False, True, False, False, False]
            )
        },
    )

    seen = []
    unrecorded = off(lambda: seen.append(is_on()))
    with off:
        tiny_engine.GRAD_MODE.enabled = True
        unrecorded()
        seen.append(is_on())
        with off:
            seen.append(is_on())
        seen.append(is_on())

    check(
        seen,
        [False, True, False, True],
        what="recording in and after a decorated call, and in and after an inner block, where it "
        "was switched on again before both, inside a block of the same object",
        mistakes={
            "the outermost block alone keeps what was: each entry has its own": (
                [False, True, False, False]
            ),
            "a call does nothing while its object is entered": [True, True, False, True],
        },
    )


def test_no_grad_decorates_a_function_that_calls_itself():
    seen = []
    with situation("called once it decorates a function"):
        returned = tiny_engine.no_grad()(lambda: 3)()
    mistakes = {"what the function returned is lost": None}
    check(returned, 3, what="what a decorated function returns", mistakes=mistakes)

    @made_while(True)
    def countdown(n, *, step):
        seen.append(is_on())
        result = [n] if n <= 0 else [n, *countdown(n - step, step=step)]
        seen.append(is_on())
        return result

    for before in (False, True):
        tiny_engine.GRAD_MODE.enabled = before
        result = countdown(2, step=2)
        seen.append(is_on())

    class Counter:
        @tiny_engine.no_grad()
        def method(self, *args, **options):
            return [self, *args, options]

    counter = Counter()
    with situation("for a decorated method, called with an argument named function"):
        given = counter.method(1, function=2)
    if given != [counter, 1, {"function": 2}]:
        raise Wrong(f"a decorated method got {given}: its own object is due, 1, and function=2")
    check(result, [2, 0], what="what the decorated function returns")
    check(countdown.__name__, "countdown", what="the __name__ of the decorated function")
    check(
        [seen[:5], seen[5:]],
        [[False] * 5, [False, False, False, False, True]],
        what="recording in a function that calls itself and after it, off before, and on before",
        mistakes={
            "there is one place for the old state, which the inner call overwrites": (
                [[False] * 5, [False] * 5]
            ),
            "a call ends with recording on, or as it was at the decoration": (
                [[False, False, False, True, True], [False, False, False, True, True]]
            ),
        },
    )


@pytest.mark.parametrize("error", [LookupError, KeyboardInterrupt])
def test_no_grad_restores_recording_after_an_error_which_goes_on(error):
    @tiny_engine.no_grad()
    def fails():
        raise error

    def block():
        with tiny_engine.no_grad():
            raise error

    for before in (True, False):
        for call, raiser in ((block, "a block"), (fails, "a function")):
            tiny_engine.GRAD_MODE.enabled = before
            check_after_an_error(state_after_an_error(call, error), error, before, raiser=raiser)
