"""Calls that a task asks to do without: stopped by any spelling, and only in a learner's file."""

import contextlib
import cProfile
import sys
import threading
from importlib import import_module

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from gradkata.answers import AnswerFinder
from gradkata.checks.guards import Forbidden, forbid

NAME = "toy_answer"

HEAD = """\
import functools
import operator
import threading
import torch
from torch import nn
from torch.nn import functional as F

"""


@pytest.fixture
def answer(tmp_path):
    """Return what turns source into a learner's module, whose `answer` is under test."""
    file = tmp_path / f"{NAME}.py"
    finder = AnswerFinder({NAME: file})

    def write(source):
        file.write_text(HEAD + source)
        module = import_module(NAME)
        module.__loader__.execute(module)
        return module.answer

    finder.install()
    yield write
    finder.remove()


@pytest.fixture
def x():
    return torch.tensor([1.0, 2.0], requires_grad=True)


def no(*names):
    return forbid(*names, reason="write the formula")


# Operations

SIGMOIDS = {
    "function": "def answer(x): return torch.sigmoid(x)",
    "method": "def answer(x): return x.sigmoid()",
    "functional": "def answer(x): return F.sigmoid(x)",
    "in place": "def answer(x): return x.detach().sigmoid_()",
    "out": "def answer(x): return torch.sigmoid(x.detach(), out=torch.empty(2))",
    "unbound method": "def answer(x): return torch.Tensor.sigmoid(x)",
    "alias": "from torch import sigmoid as s\ndef answer(x): return s(x)",
    "default argument": "def answer(x, s=torch.sigmoid): return s(x)",
    "partial": "s = functools.partial(torch.sigmoid)\ndef answer(x): return s(x)",
    "map": "def answer(x): return list(map(torch.sigmoid, [x]))",
    "method caller": "def answer(x): return operator.methodcaller('sigmoid')(x)",
    "getattr": "def answer(x): return getattr(torch, 'sig' + 'moid')(x)",
    "module": "def answer(x): return nn.Sigmoid()(x)",
    "sequential": "model = nn.Sequential(nn.Sigmoid())\ndef answer(x): return model(x)",
    "lambda": "def answer(x): return (lambda: torch.sigmoid(x))()",
    "comprehension": "def answer(x): return [torch.sigmoid(v) for v in x]",
    "decorator": "@torch.no_grad()\ndef answer(x): return torch.sigmoid(x)",
    "aten": "def answer(x): return torch.ops.aten.sigmoid(x)",
    "overload": "def answer(x): return torch.ops.aten.sigmoid.default(x)",
    "cached": "@functools.lru_cache\ndef s(x): return torch.sigmoid(x)\ndef answer(x): return s(x)",
    "numpy": (
        "import numpy\ndef answer(x):\n box = numpy.empty(1, dtype=object)\n box[0] = x\n"
        " return numpy.vectorize(torch.sigmoid, otypes=[object])(box)"
    ),
    "exec": "def answer(x): return exec('torch.sigmoid(x)', {'torch': torch, 'x': x})",
}


@pytest.mark.parametrize("source", SIGMOIDS.values(), ids=SIGMOIDS)
def test_an_operation_is_stopped_by_any_spelling(answer, x, source):
    with pytest.raises(Forbidden, match="calls torch's sigmoid, which"), no("sigmoid"):
        answer(source)(x)


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("special_expit", "torch.special.expit(x)"),
        ("torch.special.expit", "torch.special.expit(x)"),
        ("logsigmoid", "F.logsigmoid(x)"),
        ("softmax", "F.softmax(x, 0)"),
        ("matmul", "x @ x"),
        ("mul", "x * 2"),
        ("linalg_det", "torch.linalg.det(x.outer(x))"),
        ("torch.linalg", "torch.linalg.det(x.outer(x))"),
        ("torch.Tensor.sigmoid", "torch.sigmoid(x)"),
        ("data", "x.data"),
        ("data", "setattr(x, 'data', x.detach())"),
        ("rand", "torch.rand(2)"),
    ],
    ids=lambda value: value,
)
def test_an_operation_is_stopped_by_its_own_name(answer, x, name, call):
    with pytest.raises(Forbidden), no(name):
        answer(f"def answer(x): return {call}")(x)


def test_the_message_names_who_calls_what_and_what_to_do_instead(answer, x):
    source = "class Sine:\n def forward(x): return torch.sin(x)\ndef answer(x): Sine.forward(x)"

    words = (
        "^Sine.forward calls torch's sin, which this task asks to do without: write the formula$"
    )
    with pytest.raises(Forbidden, match=words), no("sin"):
        answer(source)(x)


@pytest.mark.parametrize("call", ["torch.tanh(x)", "torch.special.expit(x)", "nn.Linear(2, 2)"])
def test_another_operation_goes_through(answer, x, call):
    with no("sigmoid"):
        answer(f"def answer(x): return {call}")(x)


@pytest.mark.parametrize("name", ["sigmiod", "autograd"])
def test_a_name_that_is_no_operation_is_refused(name):
    with pytest.raises(TypeError, match=f"torch has no operation '{name}' to forbid"):
        no(name)


# Python functions

PYTHON_CALLS = [
    ("torch.autograd.grad", "torch.autograd.grad(x.sum(), x)"),
    ("torch.autograd.backward", "torch.autograd.backward(x.sum())"),
    ("torch.Tensor.backward", "x.sum().backward()"),
    ("torch.func", "torch.func.grad(torch.sum)(x)"),
    ("torch.func.grad", "torch.func.grad(torch.sum)(x)"),
    ("torch.func.hessian", "torch.func.hessian(torch.sum)(x)"),
    ("torch.autograd.functional.hessian", "torch.autograd.functional.hessian(torch.sum, x)"),
    ("torch.autograd.functional", "torch.autograd.functional.jacobian(torch.sum, x)"),
    ("torch.nn.utils.clip_grad_norm_", "nn.utils.clip_grad_norm_([x], 1.0)"),
    ("torch.nn.utils.clip_grad_norm_", "nn.utils.clip_grad.clip_grad_norm_([x], 1.0)"),
    ("torch.optim.SGD", "torch.optim.SGD([x], 0.1)"),
    ("torch.optim", "torch.optim.Adam([x], 0.1)"),
    ("torch.utils.checkpoint.checkpoint", "checkpoint(torch.sin, x, use_reentrant=False)"),
    ("torch.autograd.gradcheck", "torch.autograd.gradcheck(torch.sin, x.detach().double())"),
]


@pytest.mark.parametrize(
    ("name", "call"), PYTHON_CALLS, ids=[call[:40] for _, call in PYTHON_CALLS]
)
def test_a_python_function_is_stopped(answer, x, name, call):
    source = f"from torch.utils.checkpoint import checkpoint\ndef answer(x): return {call}"

    with pytest.raises(Forbidden, match=rf"^answer calls {name}"), no(name):
        answer(source)(x)


@pytest.mark.parametrize(
    "source",
    [
        "from torch.autograd import grad as g\ndef answer(x): return g(x.sum(), x)",
        "def answer(x, g=torch.autograd.grad): return g(x.sum(), x)",
        "def answer(x): return functools.partial(torch.autograd.grad, x.sum())(x)",
        "def answer(x): return list(map(lambda v: torch.autograd.grad(v.sum(), x), [x]))",
    ],
    ids=["alias", "default argument", "partial", "map"],
)
def test_a_python_function_is_stopped_by_any_spelling(answer, x, source):
    with pytest.raises(Forbidden, match=r"calls torch\.autograd\.grad"), no("torch.autograd.grad"):
        answer(source)(x)


def test_a_class_of_ones_own_that_inherits_is_let_be(answer):
    source = "class answer(nn.Module):\n pass"

    with no("torch.nn.Linear"):
        answer(source)()


def test_a_class_without_an_init_of_its_own_is_refused():
    with pytest.raises(TypeError, match="Sigmoid has no __init__ of its own: forbid what it calls"):
        no("torch.nn.Sigmoid")


def test_a_module_stands_for_what_it_offers_and_not_for_what_it_imports(answer):
    source = "from typing import NamedTuple, cast\ndef answer(x): return cast(int, x)"

    with no("torch.utils.checkpoint", "torch.linalg"):
        assert answer(source)(1) == 1


def test_a_name_that_does_not_exist_is_refused():
    with pytest.raises(AttributeError, match="grda"):
        no("torch.autograd.grda")


# What goes through


@pytest.mark.parametrize(
    ("name", "reference"),
    [
        ("sigmoid", torch.sigmoid),
        ("sigmoid", nn.Sigmoid()),
        ("torch.autograd.grad", lambda x: torch.autograd.grad(x.sum(), x)),
    ],
    ids=["operation", "module", "function"],
)
def test_the_tests_own_reference_goes_through(x, name, reference):
    with no(name):
        reference(x)


def test_a_function_of_the_test_that_an_answer_calls_goes_through(answer, x):
    with no("sigmoid"):
        answer("def answer(x, f): return list(map(f, [x]))")(x, lambda x: torch.sigmoid(x))


def test_what_torch_does_for_the_test_goes_through(answer, x):
    loss = answer("def answer(x): return x.square().sum()")(x)

    with no("torch.autograd.backward", "torch.autograd.grad"):
        loss.backward()

    assert torch.equal(x.grad, 2 * x)


def test_an_operation_outside_the_guard_goes_through(answer, x):
    sigmoid = answer("def answer(x): return torch.sigmoid(x)")
    with no("sigmoid"):
        pass

    sigmoid(x)


# A call that is swallowed


@pytest.mark.parametrize("error", ["Exception", "BaseException"])
@pytest.mark.parametrize(
    ("name", "call"), [("sigmoid", "torch.sigmoid(x)"), ("torch.func", "torch.func.grad(sum)")]
)
def test_a_call_whose_error_was_swallowed_is_told_at_the_end(answer, x, name, call, error):
    source = f"def answer(x):\n try: {call}\n except {error}: return x"

    with pytest.raises(Forbidden, match="answer calls"), no(name):
        answer(source)(x)


def test_a_call_is_told_where_the_answer_raised_something_else_instead(answer, x):
    source = "def answer(x):\n try: torch.sigmoid(x)\n except Exception: raise ValueError"

    with pytest.raises(Forbidden, match="answer calls"), no("sigmoid"):
        answer(source)(x)


def test_an_error_of_the_answer_gets_through(answer, x):
    with pytest.raises(ZeroDivisionError), no("sigmoid"):
        answer("def answer(x): return 1 / 0")(x)


# Threads


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize(
    ("name", "call"),
    [("sigmoid", "torch.sigmoid(x)"), ("torch.autograd.grad", "torch.autograd.grad(x.sum(), x)")],
)
def test_a_call_from_a_thread_is_told_at_the_end(answer, x, name, call):
    source = (
        "def answer(x):\n"
        f" thread = threading.Thread(target=lambda: {call})\n"
        " thread.start()\n"
        " thread.join()\n"
    )

    with pytest.raises(Forbidden, match="lambda> calls"), no(name):
        answer(source)(x)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_call_from_a_thread_is_told_by_the_outer_of_two_guards(answer, x):
    source = (
        "def answer(x):\n"
        " thread = threading.Thread(target=lambda: torch.sigmoid(x))\n"
        " thread.start()\n"
        " thread.join()\n"
    )

    with pytest.raises(Forbidden, match="torch's sigmoid"), no("sigmoid"), no("tanh"):
        answer(source)(x)


def test_a_thread_that_outlives_the_guard_is_let_go(answer, x):
    source = (
        "def answer(x, go, results):\n"
        " def work():\n"
        "  go.wait()\n"
        "  results.append(torch.sigmoid(x))\n"
        " thread = threading.Thread(target=work)\n"
        " thread.start()\n"
        " return thread\n"
    )
    go, results = threading.Event(), []

    with no("sigmoid"):
        thread = answer(source)(x, go, results)
    go.set()
    thread.join()

    assert len(results) == 1


# One guard after, in and beside another


def test_a_guard_can_be_used_again(answer, x):
    sigmoid, guard = answer("def answer(x): return torch.sigmoid(x)"), no("sigmoid")
    with pytest.raises(Forbidden), guard:
        sigmoid(x)

    with guard:
        pass

    assert guard.violation is None


@pytest.mark.parametrize(
    ("name", "call"),
    [("sigmoid", "torch.sigmoid(x)"), ("torch.func", "torch.func.grad(torch.sum)")],
)
def test_a_guard_sees_through_another_inside_it(answer, x, name, call):
    with pytest.raises(Forbidden, match="answer calls"), no(name), no("tanh", "torch.optim"):
        answer(f"def answer(x): return {call}")(x)


@contextlib.contextmanager
def inside(guard):
    """Enter the guard and leave it again, before the body."""
    with guard:
        pass
    yield


def test_a_guard_may_stand_inside_itself(answer, x):
    sigmoid, guard = answer("def answer(x): return torch.sigmoid(x)"), no("sigmoid")

    with pytest.raises(Forbidden), guard, inside(guard):
        sigmoid(x)

    assert sys.getprofile() is None


def test_the_profile_functions_before_are_put_back():
    calls = []

    def profile(frame, *_):
        calls.append(frame.f_code.co_name)

    sys.setprofile(profile)
    threading.setprofile(profile)
    try:
        with no("sigmoid"):
            seen_inside()
        after = sys.getprofile(), threading.getprofile()
    finally:
        sys.setprofile(None)
        threading.setprofile(None)

    assert after == (profile, profile)
    assert "seen_inside" in calls


def seen_inside():
    pass


def test_the_profile_functions_before_are_put_back_after_a_violation(answer, x):
    with pytest.raises(Forbidden), no("torch.func"):
        answer("def answer(x): return torch.func.grad(torch.sum)")(x)

    assert (sys.getprofile(), threading.getprofile()) == (None, None)


def test_an_active_profiler_goes_on_after_the_guard():
    with cProfile.Profile() as profiler:
        with no("sigmoid"):
            pass
        seen_inside()

    names = {getattr(entry.code, "co_name", "") for entry in profiler.getstats()}
    assert "seen_inside" in names


def test_torchs_modes_are_as_before():
    before = torch._C._len_torch_function_stack()

    with no("sigmoid"):
        inside = torch._C._len_torch_function_stack()

    assert (inside, torch._C._len_torch_function_stack()) == (before + 1, before)


def test_a_guarded_result_is_the_same(answer, x):
    with no("sigmoid"):
        y = answer("def answer(x): return F.softmax(x, dim=0)")(x)

    assert torch.equal(y, F.softmax(x, dim=0))
