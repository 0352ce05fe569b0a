"""Global state that an answer must leave unchanged, and how it is put back."""

from __future__ import annotations

import builtins
import ctypes
import gc
import inspect
import random
import sys
from collections.abc import Callable
from dataclasses import dataclass
from operator import is_
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from gradkata.plugin.untouched import OWN_BUSINESS
from gradkata.torch_internals import (
    default_device,
    dual_level,
    hooks_on_every_module,
    modes,
    pop_modes,
    without_function_modes,
)

# Names whose replacement could change a verdict.
_GUARDED = {
    "builtins": builtins,
    "torch": torch,
    "torch.Tensor": torch.Tensor,
    "torch.autograd": torch.autograd,
    "torch.autograd.Function": torch.autograd.Function,
    "torch.autograd.functional": torch.autograd.functional,
    "torch.func": torch.func,
    "torch.linalg": torch.linalg,
    "torch.nn.functional": torch.nn.functional,
    "torch.nn.Module": torch.nn.Module,
    "torch.nn.utils": torch.nn.utils,
    "torch.optim": torch.optim,
    "torch.special": torch.special,
    "numpy": np,
    "pytest": pytest,
}


@dataclass(frozen=True)
class Setting:
    """One piece of global state: how to read it, put it back, and name it."""

    name: str
    read: Callable[[], Any]
    restore: Callable[[Any], object]


def _set_default_device(device: torch.device) -> None:
    # Setting the CPU by name would leave a mode on torch's stack for good.
    torch.set_default_device(None if device.type == "cpu" else device)


def _read_autocast() -> list[str]:
    return [kind for kind in ("cpu", "cuda") if torch.is_autocast_enabled(kind)]


def _set_autocast(kinds: list[str]) -> None:
    for kind in ("cpu", "cuda"):
        torch.set_autocast_enabled(kind, kind in kinds)


def _remove_hooks(_: int) -> None:
    for hooks in hooks_on_every_module():
        hooks.clear()


def _saves_through_hooks() -> bool:
    # Hooks may only be disabled where none are set.
    try:
        with torch.autograd.graph.disable_saved_tensors_hooks(""):
            return False
    except RuntimeError:
        return True


def _pop_saved_tensors_hooks(_: bool) -> None:
    while _saves_through_hooks():
        # Leaving such a block takes off whichever hooks were set last.
        torch.autograd.graph.saved_tensors_hooks(_as_it_is, _as_it_is).__exit__()


def _as_it_is(tensor: torch.Tensor) -> torch.Tensor:
    return tensor


def _read_warn_mode() -> tuple[bool, bool]:
    return torch.are_deterministic_algorithms_enabled(), (
        torch.is_deterministic_algorithms_warn_only_enabled()
    )


def _exit_dual_levels(was: int) -> None:
    while dual_level() > was:
        torch.autograd.forward_ad.exit_dual_level()


_KEPT: list[torch.inference_mode] = []


def _enter_inference_mode(was: bool) -> None:
    # Whoever entered the other mode has the only handle to leave it by: enter the old one again.
    _KEPT.append(torch.inference_mode(was))
    _KEPT[-1].__enter__()


# Modes come first, because the rest of torch depends on them; a default device is a mode.
_SETTINGS = (
    Setting("the default device", default_device, _set_default_device),
    Setting("the number of modes that torch is in", modes, pop_modes),
    Setting("the recursion limit", sys.getrecursionlimit, sys.setrecursionlimit),
    Setting("the forward-mode level", dual_level, _exit_dual_levels),
    Setting("inference mode", torch.is_inference_mode_enabled, _enter_inference_mode),
    Setting("grad mode", torch.is_grad_enabled, torch.set_grad_enabled),
    Setting("the default dtype", torch.get_default_dtype, torch.set_default_dtype),
    Setting("the number of threads", torch.get_num_threads, torch.set_num_threads),
    Setting("anomaly mode", torch.is_anomaly_enabled, torch.autograd.set_detect_anomaly),
    Setting("autocast", _read_autocast, _set_autocast),
    Setting("hooks on every saved tensor", _saves_through_hooks, _pop_saved_tensors_hooks),
    Setting(
        "the number of hooks on every module",
        lambda: sum(map(len, hooks_on_every_module())),
        _remove_hooks,
    ),
    Setting(
        "deterministic algorithms",
        _read_warn_mode,
        lambda was: torch.use_deterministic_algorithms(was[0], warn_only=was[1]),
    ),
)


class GlobalState:
    """The state of the process at one moment: `restore` names what has changed since.

    Args:
        after: an earlier state that has been restored, if nothing has been replaced since: its
            three thousand names or so are not read again.
    """

    _members: dict[str, dict[str, Any]]

    def __init__(self, after: GlobalState | None = None) -> None:
        self._settings = [(setting, setting.read()) for setting in _SETTINGS]
        self._members = after._members if after else _members_by_place()
        self._random = random.getstate()
        self._bit_generator, self._numpy = _bit_generator(), _numpy_state()
        self._torch = [generator.get_state() for generator in _generators()]

    def restore(self) -> list[str]:
        """Put everything back, and return a phrase for each thing that had changed."""
        # A mode that was left entered intercepts every call of torch.
        with without_function_modes():
            settings = self._restore_settings()
        return [*settings, *self._restore_random(), *self._restore_members()]

    def _restore_settings(self) -> list[str]:
        if any(setting.read() != was for setting, was in self._settings):
            # A generator leaves what it has entered when it is freed, as that of torch's checkpoint
            # after an error; from Python 3.12 on the error that was caught holds it in a cycle.
            gc.collect()
        changed = []
        for setting, was in self._settings:
            now = setting.read()
            if now != was:
                setting.restore(was)
                changed.append(f"{setting.name} was {was} and is now {now}")
        return changed

    def _restore_random(self) -> list[str]:
        changed = []
        if random.getstate() != self._random:
            random.setstate(self._random)
            changed.append("the state of Python's random module has moved")
        if _bit_generator() is not self._bit_generator:
            _set_bit_generator(self._bit_generator)
            changed.append("NumPy's global bit generator has been replaced")
        if _numpy_state() != self._numpy:
            _set_numpy_state(self._numpy)
            changed.append("NumPy's global random state has moved")
        # CUDA's generators come last: they may have been made meanwhile.
        for generator, was in zip(_generators(), self._torch, strict=False):
            if generator.get_state().numpy().tobytes() != was.numpy().tobytes():
                generator.set_state(was)
                changed.append("torch's global random state has moved")
        return changed

    def _restore_members(self) -> list[str]:
        changed = []
        for owner_name, name in self._replaced():
            owner, members = _GUARDED[owner_name], self._members[owner_name]
            if name in members:
                setattr(owner, name, members[name])
            else:
                delattr(owner, name)
            changed.append(f"{owner_name}.{name} has been replaced")
        return changed

    def _replaced(self) -> list[tuple[str, str]]:
        found = []
        for owner_name, owner in _GUARDED.items():
            members, now = self._members[owner_name], vars(owner)
            if len(now) == len(members) and all(map(is_, now.values(), members.values())):
                continue
            found += [(owner_name, n) for n, was in members.items() if _replaces(now.get(n), was)]
            # A class inherits: a new name may hide one. A module only gains what is loaded late.
            if isinstance(owner, type):
                found += [(owner_name, n) for n in now if n not in members]
        return [(owner_name, name) for owner_name, name in found if name not in OWN_BUSINESS]


def _replaces(now: Any, was: Any) -> bool:
    """Tell whether a value is another one, and not torch's own late wrapper around it.

    When it is first needed, torch.compile's machinery wraps a few functions such as
    torch.manual_seed.
    """
    if now is was:
        return False
    file = now.__code__.co_filename if inspect.isfunction(now) else ""
    around_it = file.startswith(_TORCH) and inspect.unwrap(now) is inspect.unwrap(was)
    return not (around_it or file.startswith(_DYNAMO))


_TORCH = str(Path(torch.__file__).parent)
_DYNAMO = str(Path(torch.__file__).parent / "_dynamo")


def _members_by_place() -> dict[str, dict[str, Any]]:
    return {name: dict(vars(owner)) for name, owner in _GUARDED.items()}


def _generators() -> list[torch.Generator]:
    cuda = torch.cuda.default_generators if torch.cuda.is_initialized() else ()
    return [torch.default_generator, *cuda]


_bit_generator: Callable[[], Any] = vars(np.random)["get_bit_generator"]
_set_bit_generator: Callable[[Any], None] = vars(np.random)["set_bit_generator"]
# NumPy's own get_state takes sixty times as long as a look at the generator's memory: the 624
# words of a Mersenne twister, and its place among them.
_TWISTER = 625 * 4


def _numpy_state() -> bytes:
    return ctypes.string_at(_bit_generator().ctypes.state_address, _TWISTER)


def _set_numpy_state(state: bytes) -> None:
    *key, position = np.frombuffer(state, dtype=np.uint32)
    np.random.set_state(("MT19937", np.array(key, dtype=np.uint32), int(position), 0, 0.0))
