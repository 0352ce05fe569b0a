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

from gradkata.checks import Wrong

DRAWS = 2
NAMED = 3  # faults that a verdict names
LINES, CHARACTERS = 6, 400  # of what a check says


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
    """Return what a check raises of a candidate, or else what it returns."""
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
    """Return the error by which a check rejects; what is none of its own goes through."""
    try:
        return check(candidate)
    except unittest.SkipTest:
        raise
    except pytest.fail.Exception as failed:
        if "Timeout" in str(failed):
            raise
        return failed
    except Exception as error:
        return error


def wrapped(function):
    def candidate(*args, **kwargs):
        return function(*args, **kwargs)

    return candidate


def is_rejection(said):
    return isinstance(said, Exception | pytest.fail.Exception)


def demand_accepted(of_right):
    for sentence, said in of_right.items():
        if is_rejection(said):
            raise Wrong(f"your check rejects a right one: {sentence}\n{words_of(said)}") from said
        if said is not None:
            raise Wrong(
                f"your check returns {said!r} where it is to return None: raise AssertionError if "
                "the candidate is wrong, and return nothing if it is right"
            )


def demand_caught(of_faults, draw):
    missed = [sentence for sentence, said in of_faults.items() if not is_rejection(said)]
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
        for sentence, said in of_faults.items()
        if isinstance(said, AssertionError) and not str(said).strip()
    ]
    if silent:
        raise Wrong(
            f"all {len(of_faults)} faults are caught, {len(silent)} of them without a word, such "
            f"as this: {silent[0]}. Let each assert say what is wrong: assert …, 'the sentence'"
        ) from of_faults[silent[0]]


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


def differentiated(value, slope):
    """Return the function of x with this value, and this gradient of grad_output and x."""

    class Made(Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return value(x)

        @staticmethod
        def backward(ctx, grad_output):
            return slope(grad_output, *ctx.saved_tensors)

    return lambda x: Made.apply(x)
