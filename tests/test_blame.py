"""A mistake is named only where it was made: not for an error that is random.

That a kept wrong answer is blamed for its own mistake and no other is seen in
`test_kept_answers.py`.
"""

import zlib

import pytest
from kept_answers import COURSE, NAMED, server

from gradkata.results import State

# What stands below our solutions: each task's results, or what it writes to, are off by noise.
NOISE = """

import dataclasses as _dataclasses
import functools as _functools
import inspect as _inspect

import numpy as _numpy
import torch as _torch

_SOURCE = _torch.Generator().manual_seed({seed})


def _noise(like):
    drawn = _torch.randn(like.shape, generator=_SOURCE, dtype=_torch.float64)
    return drawn.to(like)


def _off(value):
    if isinstance(value, _torch.Tensor):
        return value + _noise(value) if value.is_floating_point() else value
    if isinstance(value, _numpy.ndarray) and value.dtype.kind == "f":
        return value + _noise(_torch.zeros(value.shape, dtype=_torch.float64)).numpy()
    if type(value) is float:
        return value + _noise(_torch.zeros((), dtype=_torch.float64)).item()
    if type(value) in (list, tuple):
        return type(value)(map(_off, value))
    if type(value) is dict:
        return {{key: _off(member) for key, member in value.items()}}
    if _dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = [field.name for field in _dataclasses.fields(value) if field.init]
        return _dataclasses.replace(value, **{{n: _off(getattr(value, n)) for n in fields}})
    return value


def _write_noise(arguments):
    for argument in arguments:
        if isinstance(argument, _torch.optim.Optimizer):
            argument = [p for group in argument.param_groups for p in group["params"]]
        if isinstance(argument, _torch.nn.Module):
            argument = list(argument.parameters())
        for tensor in argument if isinstance(argument, list) else [argument]:
            if isinstance(tensor, _torch.Tensor) and tensor.is_floating_point():
                with _torch.no_grad():
                    target = tensor if tensor.grad is None else tensor.grad
                    target.add_(_noise(target))


def _disturbed(function, *, writes):
    @_functools.wraps(function)
    def disturbed(*args, **kwargs):
        result = function(*args, **kwargs)
        if result is None and writes:
            _write_noise([*args, *kwargs.values()])
        return _with_noise(result)

    return disturbed


def _with_noise(result):
    if not isinstance(result, _torch.library.CustomOpDef):
        return _off(result)
    # An operator is what it returns when it is called.
    called = type(result).__call__
    off = _disturbed(lambda *args, **kwargs: called(result, *args, **kwargs), writes=True)
    methods = dict(__call__=lambda self, *args, **kwargs: off(*args, **kwargs))
    result.__class__ = type("CustomOpDef", (type(result),), methods)
    return result


for _task in {tasks!r}:
    _defined = globals()[_task]
    if _inspect.isclass(_defined):
        if "backward" in vars(_defined):
            _defined.backward = staticmethod(_disturbed(_defined.backward, writes=False))
    else:
        globals()[_task] = _disturbed(_defined, writes=True)
"""


@pytest.mark.parametrize("exercise", COURSE, ids=lambda exercise: exercise.name)
def test_a_random_error_of_the_right_shape_is_wrong_and_named_after_no_mistake(exercise):
    seed = zlib.crc32(exercise.name.encode()) % 10_000
    noise = NOISE.format(seed=seed, tasks=exercise.tasks)
    text = exercise.solution.read_text(encoding="utf-8") + noise

    told = server("cpu").judge(exercise, text, seed, exercise.tasks)

    wrong = [task for task in told["record"]["tasks"] if task["state"] == State.WRONG]
    blamed = {t["task"]: t["lines"] for t in wrong if any(NAMED in line for line in t["lines"])}
    # What gives no number, such as a yes or a picture, has no such error, nor has a check.
    assert len(wrong) > len(exercise.tasks) / 3 or exercise.topic == "write_the_test"
    assert blamed == {}
