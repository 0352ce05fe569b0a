"""A new name for each operator, and what torch knows of one that is registered."""

import contextlib
import itertools

import torch

from gradkata.checks import (
    Wrong,
    check,
    count_operations,
    edits_of,
    schema_of,
    situation,
    unchanged,
)

_numbers = itertools.count()


def new_name():
    """Return a name that no operator has had: neither part of it was there before."""
    number = next(_numbers)
    return f"kata{number}::op{number}"


def registered(register, schema, mistakes=None):
    """Let an operator be registered under a new name, and demand it, with that schema.

    Args:
        register: the learner's function.
        schema: what follows the name: `(Tensor x) -> Tensor`.
        mistakes: for each known mistake, the schema that it gives.
    """
    name = new_name()
    op = register(name)
    if not isinstance(op, torch.library.CustomOpDef):
        raise Wrong(
            f"yours is {type(op).__name__}, which is no custom operator: return what "
            "torch.library.custom_op makes of the kernel"
        )
    due = name + schema
    # A torch that does not tell the schema has the values alone to be judged by.
    known = {sentence: name + gives for sentence, gives in (mistakes or {}).items()}
    check(schema_of(op) or due, due, what="the operator's schema", mistakes=known)
    return op


def runs_of(op, count):
    """Return how often the kernel of an operator has run, as `count_operations` has counted."""
    return count[schema_of(op).partition("(")[0].rpartition("::")[2]]


@contextlib.contextmanager
def one_run(op, *, what, advice):
    """Demand that the kernel of an operator runs exactly once inside."""
    with count_operations() as count, situation(what):
        yield
    runs = runs_of(op, count)
    if runs != 1:
        raise Wrong(f"{what}: the kernel runs {runs} times, once is due: {advice}")


def called(op, *args):
    """Call an operator, and demand that it neither changes nor writes to an argument."""
    tensors = [a for a in args if isinstance(a, torch.Tensor)]
    before = [edits_of(t) for t in tensors]
    with unchanged(*tensors):
        result = op(*args)
    if [edits_of(t) for t in tensors] != before:
        raise Wrong("it writes to an argument and puts the values back: let it alone altogether")
    return result


@contextlib.contextmanager
def backward_of_two():
    """Say what is due where backward returns another number of gradients than op has arguments."""
    try:
        yield
    except RuntimeError as error:
        if "incorrect number of gradients" in str(error):
            raise Wrong(
                "backward returns another number of gradients than is due: return a tuple of two, "
                "one for each argument of op; a list counts as one gradient"
            ) from error
        raise


def check_own_memory(op, *args):
    """Demand that a result stays as it is when an argument is written to afterwards.

    torch raises where a result is a view that torch has made; what shares its memory through NumPy
    it does not see. A second call is to see what was written, which not even the tensor's version
    tells, and to leave the first result alone.
    """
    result = op(*args)
    first = result.clone()
    for tensor in (a for a in args if isinstance(a, torch.Tensor)):
        tensor.data.add_(1)
    if not torch.equal(result, first):
        raise Wrong(
            "an argument was written to after the call, and the result has changed with it: they "
            "share memory, through NumPy perhaps, where torch does not notice. Return a copy"
        )

    again = op(*args)
    if not torch.equal(result, first):
        raise Wrong(
            "the op was called a second time, and the result of the first call has changed: they "
            "share memory. Make a new one in each call"
        )
    copies = [a.clone() if isinstance(a, torch.Tensor) else a for a in args]
    check(
        again,
        op(*copies),
        what="a second call, of arguments that were written to since the first",
        mistakes={"the values of the first call are kept: keep nothing": first},
    )


def check_form(yours, shape, dtype, device, *, what, mistakes=None):
    """Demand shape, dtype and device of a tensor that may have no values, and that it has no gaps.

    Args:
        mistakes: the shape that each gives.
    """
    if not isinstance(yours, torch.Tensor):
        raise Wrong(f"{what}: yours is {type(yours).__name__}, a tensor is due")
    for aspect, mine, due in (
        ("shape", tuple(yours.shape), shape),
        ("dtype", yours.dtype, dtype),
        ("device", yours.device.type, torch.device(device).type),
        ("being contiguous", yours.is_contiguous(), True),
    ):
        if mine != due:
            named = [name for name, gives in (mistakes or {}).items() if gives == mine]
            end = f"\nThis is exactly what you get when {named[0]}." if named else ""
            raise Wrong(f"{what}: its {aspect} is {mine}, {due} is due{end}")
