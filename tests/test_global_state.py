"""What an answer leaves behind is named, and put right."""

import random

import numpy as np
import pytest
import torch
from torch.overrides import TorchFunctionMode

from gradkata.checks import DispatchMode
from gradkata.plugin.global_state import _SETTINGS, GlobalState


@pytest.fixture(autouse=True)
def put_right():
    state = GlobalState()
    yield
    state.restore()


def test_nothing_is_named_where_nothing_changed():
    state = GlobalState()
    torch.ones(2, requires_grad=True).sum().backward()

    assert state.restore() == []


class ChangesEverySum(TorchFunctionMode):
    def __torch_function__(self, func, types, args=(), kwargs=None):
        return 0 if func is torch.Tensor.sum else func(*args, **(kwargs or {}))


class EverythingIsZero(DispatchMode):
    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        result = func(*args, **(kwargs or {}))
        return result * 0 if isinstance(result, torch.Tensor) else result


CHANGES = {
    "grad mode": (
        lambda: torch.set_grad_enabled(False),
        "grad mode was True and is now False",
    ),
    "dtype": (
        lambda: torch.set_default_dtype(torch.float64),
        "the default dtype was torch.float32 and is now torch.float64",
    ),
    "device": (
        lambda: torch.set_default_device("meta"),
        "the default device was cpu and is now meta",
    ),
    "threads": (
        lambda: torch.set_num_threads(torch.get_num_threads() + 1),
        f"the number of threads was {torch.get_num_threads()} and is now ",
    ),
    "anomaly mode": (
        lambda: torch.autograd.set_detect_anomaly(True),
        "anomaly mode was False and is now True",
    ),
    "autocast": (
        lambda: torch.set_autocast_enabled("cpu", True),
        "autocast was [] and is now ['cpu']",
    ),
    "autocast on CUDA": (
        lambda: torch.set_autocast_enabled("cuda", True),
        "autocast was [] and is now ['cuda']",
    ),
    "bit generator": (
        lambda: np.random.set_bit_generator(np.random.PCG64(0)),
        "NumPy's global bit generator has been replaced",
    ),
    "function mode": (
        lambda: ChangesEverySum().__enter__(),
        "the number of modes that torch is in was (0, 0) and is now (1, 0)",
    ),
    "dispatch mode": (
        lambda: EverythingIsZero().__enter__(),
        "the number of modes that torch is in was (0, 0) and is now (0, 1)",
    ),
    "two dispatch modes": (
        lambda: (EverythingIsZero().__enter__(), EverythingIsZero().__enter__()),
        "the number of modes that torch is in was (0, 0) and is now (0, 2)",
    ),
    "device as a mode": (
        lambda: torch.device("meta").__enter__(),
        "the number of modes that torch is in was (0, 0) and is now (1, 0)",
    ),
    "saved tensors": (
        lambda: torch.autograd.graph.saved_tensors_hooks(id, id).__enter__(),
        "hooks on every saved tensor was False and is now True",
    ),
    "hooks": (
        lambda: torch.nn.modules.module.register_module_forward_hook(print),
        "the number of hooks on every module was 0 and is now 1",
    ),
    "deterministic": (
        lambda: torch.use_deterministic_algorithms(True, warn_only=True),
        "deterministic algorithms was (False, False) and is now (True, True)",
    ),
    "random": (random.random, "the state of Python's random module has moved"),
    "NumPy": (lambda: np.random.rand(), "NumPy's global random state has moved"),
    "torch": (lambda: torch.rand(1), "torch's global random state has moved"),
    "seed": (lambda: torch.manual_seed(123), "torch's global random state has moved"),
}


@pytest.mark.parametrize(("change", "words"), CHANGES.values(), ids=CHANGES)
def test_a_change_of_global_state_is_named(change, words):
    state = GlobalState()

    change()

    (named,) = state.restore()
    assert named.startswith(words)


@pytest.mark.parametrize("change", [change for change, _ in CHANGES.values()], ids=CHANGES)
def test_a_change_of_global_state_is_put_right(change):
    state = GlobalState()
    before = [setting.read() for setting in _SETTINGS]
    change()

    state.restore()

    assert [setting.read() for setting in _SETTINGS] == before
    assert state.restore() == []


def test_what_a_forgotten_generator_has_entered_is_no_change():
    def entered():
        with torch.no_grad():
            yield

    def forget():
        cycle = [entered()]
        next(cycle[0])
        cycle.append(cycle)

    before = GlobalState()
    forget()
    assert not torch.is_grad_enabled()

    assert before.restore() == []
    assert torch.is_grad_enabled()


def test_random_numbers_go_on_where_they_were():
    state = GlobalState()
    first = random.random(), np.random.rand(), float(torch.rand(1))

    state.restore()

    assert (random.random(), np.random.rand(), float(torch.rand(1))) == first


def test_several_changes_are_all_named():
    state = GlobalState()

    torch.set_grad_enabled(False)
    torch.rand(1)

    assert len(state.restore()) == 2


@pytest.mark.parametrize(
    ("place", "name", "words"),
    [
        (torch, "sigmoid", "torch.sigmoid"),
        (torch, "allclose", "torch.allclose"),
        (torch.Tensor, "backward", "torch.Tensor.backward"),
        (torch.Tensor, "add_", "torch.Tensor.add_"),
        (torch.autograd, "grad", "torch.autograd.grad"),
        (torch.autograd.Function, "apply", "torch.autograd.Function.apply"),
        (torch.autograd.functional, "hessian", "torch.autograd.functional.hessian"),
        (torch.func, "grad", "torch.func.grad"),
        (torch.linalg, "det", "torch.linalg.det"),
        (torch.nn.functional, "relu", "torch.nn.functional.relu"),
        (torch.nn.Module, "__call__", "torch.nn.Module.__call__"),
        (torch.nn.utils, "clip_grad_norm_", "torch.nn.utils.clip_grad_norm_"),
        (torch.optim, "SGD", "torch.optim.SGD"),
        (torch.special, "expit", "torch.special.expit"),
        (np, "allclose", "numpy.allclose"),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value else "",
)
def test_a_function_that_was_replaced_is_named_and_put_right(place, name, words):
    state, original = GlobalState(), getattr(place, name)
    setattr(place, name, lambda *_: True)

    changed = state.restore()

    assert changed == [f"{words} has been replaced"]
    assert getattr(place, name) == original


def test_a_new_name_on_a_class_that_hides_an_inherited_one_is_taken_away():
    state = GlobalState()
    torch.Tensor.__array__ = torch.Tensor.__array__
    torch.Tensor.made_up = 1

    assert "torch.Tensor.made_up has been replaced" in state.restore()
    assert not hasattr(torch.Tensor, "made_up")


def test_a_function_that_was_deleted_is_named_and_put_right():
    state = GlobalState()
    del torch.sigmoid

    assert state.restore() == ["torch.sigmoid has been replaced"]
    assert callable(torch.sigmoid)


def test_a_name_that_a_module_gains_is_let_be(monkeypatch):
    state = GlobalState()
    monkeypatch.setattr(torch, "loaded_late", 1, raising=False)

    assert state.restore() == []


def test_a_wrapper_that_torch_itself_puts_around_a_function_is_let_be(monkeypatch):
    state = GlobalState()
    monkeypatch.setattr(torch, "manual_seed", torch.no_grad()(torch.manual_seed))

    assert state.restore() == []


def test_a_wrapper_of_torch_around_another_function_is_named():
    state = GlobalState()
    torch.manual_seed = torch.no_grad()(lambda _: None)

    assert state.restore() == ["torch.manual_seed has been replaced"]
