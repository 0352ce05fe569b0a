"""Let a check loose on what is right and what is wrong, and say what gets past it.

A candidate is a function without a state. Each comes to the check in a wrapper of its own, all of
one name and one code, and in an order that is drawn anew: only what it does tells what it is.
"""

import contextlib
import random
import traceback
import unittest
import warnings

import numpy as np
import pytest
import torch
from torch.autograd import Function
from torch.autograd.function import once_differentiable

from gradkata.checks import Wrong

DRAWS = 2
NAMED = 3  # faults that a verdict names
LINES, CHARACTERS = 6, 400  # of what a check says


class Rejection(Exception):
    """Where a check's error was, without its kind: what it says is said already."""


def judge(check, right, faults):
    """Demand that a check accepts all that is right, and catches every fault, in each draw.

    Args:
        check: takes a candidate.
        right: candidates by the sentence that says why they are right.
        faults: candidates by the sentence that says what is wrong.
    """
    with random_numbers_put_back(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        order = random.Random(random.random())
        for draw in range(1, DRAWS + 1):
            everything = [*right.items(), *faults.items()]
            order.shuffle(everything)
            said = {
                sentence: said_of(candidate, check, order.randrange(2**32))
                for sentence, candidate in everything
            }
            demand_accepted({sentence: said[sentence] for sentence in right})
            demand_caught({sentence: said[sentence] for sentence in faults}, draw)
    demand_words({sentence: said[sentence] for sentence in faults})


def said_of(candidate, check, seed):
    """Return what a check raises of a candidate, and what it returns."""
    torch.default_generator.manual_seed(seed)
    np.random.seed(seed)
    random.seed(seed)
    before = torch.is_grad_enabled(), torch.get_default_dtype()
    said = ended(check, wrapped(candidate))
    now = torch.is_grad_enabled(), torch.get_default_dtype()
    if now[0] != before[0]:
        raise Wrong(
            "your check leaves grad mode off: switch it off in a with-block, torch.no_grad()"
        )
    if now[1] != before[1]:
        raise Wrong(
            f"your check leaves {now[1]} as the default dtype, it was {before[1]}: give each "
            "tensor its dtype instead"
        )
    return said


def ended(check, candidate):
    """Return the error by which a check rejects, or what it returns; no other error is caught."""
    try:
        return None, check(candidate)
    except unittest.SkipTest:
        raise
    except pytest.fail.Exception as failed:
        if "Timeout" in str(failed):
            raise Wrong(
                "the time is over before each candidate has been checked twice: a check may take "
                "a tenth of a second"
            ) from failed
        return failed, None
    except Exception as error:
        return error, None


def wrapped(function):
    def candidate(*args, **kwargs):
        return function(*args, **kwargs)

    return candidate


def demand_accepted(of_right):
    for sentence, (error, returned) in of_right.items():
        if error is not None:
            # The harness asks the cause whether the task is still to do.
            is_stub = isinstance(error, NotImplementedError)
            place = error if is_stub else Rejection().with_traceback(error.__traceback__)
            raise Wrong(f"your check rejects a right one: {sentence}\n{words_of(error)}") from place
        if returned is not None:
            raise Wrong(
                f"your check returns {returned!r} where it is to return None: raise AssertionError "
                "if the candidate is wrong, and return nothing if it is right"
            )


def demand_caught(of_faults, draw):
    missed = [sentence for sentence, (error, _) in of_faults.items() if error is None]
    if missed:
        caught = len(of_faults) - len(missed)
        luck = f" (caught in {draw - 1} of {DRAWS} draws)" if draw > 1 else ""
        more = [f"… and {len(missed) - NAMED} more"] * (len(missed) > NAMED)
        raise Wrong(
            f"{caught} of {len(of_faults)} faults are caught. Your check lets this through:\n"
            + "\n".join([*(f"· {sentence}{luck}" for sentence in missed[:NAMED]), *more])
        )


def demand_words(of_faults):
    silent = [
        sentence
        for sentence, (error, _) in of_faults.items()
        if isinstance(error, AssertionError) and not str(error).strip()
    ]
    if silent:
        raise Wrong(
            f"all {len(of_faults)} faults are caught, {len(silent)} of them without a word, such "
            f"as this: {silent[0]}. Let each assert say what is wrong: assert …, 'the sentence'"
        ) from of_faults[silent[0]][0]


def words_of(error):
    """Return what an error says, cut; of an assert its sentence alone."""
    text = "".join(traceback.format_exception_only(error)).strip()
    text = text.removeprefix("AssertionError: ").removeprefix("Failed: ")
    if text == "AssertionError":
        return "it says nothing: an assert without a sentence"
    cut = "\n".join(text.splitlines()[:LINES])[:CHARACTERS]
    return f"it says: {cut}{' …' * (len(cut) < len(text))}"


@contextlib.contextmanager
def random_numbers_put_back():
    of_cuda = torch.cuda.default_generators if torch.cuda.is_initialized() else ()
    of_torch = [(g, g.get_state()) for g in (torch.default_generator, *of_cuda)]
    of_numpy, of_python = np.random.get_state(), random.getstate()
    try:
        yield
    finally:
        for generator, state in of_torch:
            generator.set_state(state)
        np.random.set_state(of_numpy)
        random.setstate(of_python)


def differentiated(value, slope, *, once=False):
    """Return the function of x with this value, and this gradient of grad_output and x.

    Args:
        value: of x.
        slope: of grad_output and x.
        once: whether the gradient has none of its own.
    """

    class Made(Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return value(x)

        @staticmethod
        def backward(ctx, grad_output):
            return slope(grad_output, *ctx.saved_tensors)

    class MadeOnce(Made):
        backward = staticmethod(once_differentiable(Made.backward))

    return lambda x: (MadeOnce if once else Made).apply(x)


def in_float32(function):
    """Return the candidate that computes this function in float32, whatever x is."""
    return lambda x: function(x.float()).to(x.dtype)


def in_the_order_of_memory(function):
    """Return the candidate of each element that takes a transposed x for a contiguous one."""

    def candidate(x):
        where = sorted(range(x.ndim), key=x.stride, reverse=True)
        return function(x.permute(where).reshape(x.shape))

    return candidate
