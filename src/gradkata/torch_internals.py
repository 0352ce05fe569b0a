"""What the harness uses of torch that torch does not promise.

Each name is asked for, and none is demanded. A torch that lacks one loses a safeguard and no
verdict; one without TorchDispatchMode cannot count operations, and says so.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from typing import Any

import torch
from torch import Tensor, nn

# Every name that was asked for, as a path from `torch`.
ASKED: list[str] = []


def _ask(path: str) -> Any:
    """Return what torch has under a dotted name, or None."""
    ASKED.append(path)
    thing: Any = torch
    for name in path.split("."):
        thing = getattr(thing, name, None)
    return thing


# Modes


_count_function_modes = _ask("_C._len_torch_function_stack")
_function_mode_at = _ask("_C._get_function_stack_at")
_pop_function_mode = _ask("overrides._pop_mode")
_count_dispatch_modes = _ask("_C._len_torch_dispatch_stack")
_dispatch_mode_at = _ask("_C._get_dispatch_stack_at")
_pop_dispatch_mode = _ask("utils._python_dispatch._pop_mode")
_DisableTorchFunction = _ask("_C.DisableTorchFunction")


def modes() -> tuple[int, int]:
    """Count the TorchFunctionModes and the TorchDispatchModes that have been entered."""
    counts = (_count_function_modes, _count_dispatch_modes)
    functions, dispatches = (count() if count else 0 for count in counts)
    return functions, dispatches


def pop_modes(was: tuple[int, int]) -> None:
    """Leave modes until there are no more than there were."""
    for kind, (at, pop) in enumerate(
        [(_function_mode_at, _pop_function_mode), (_dispatch_mode_at, _pop_dispatch_mode)]
    ):
        while at and pop and (count := modes()[kind]) > was[kind]:
            # Held by a name: torch 2.6 does not own what it pops.
            mode = at(count - 1)
            _leave(mode)
            if modes()[kind] == count:
                pop()
            del mode


def _leave(mode: Any) -> None:
    """Do what torch itself does at the end of a with-block; a learner's own __exit__ is not run."""
    owners: tuple[Any, ...] = type(mode).__mro__
    for owner in owners:
        if "__exit__" in vars(owner) and owner.__module__.partition(".")[0] == "torch":
            # A mode that was entered in an unusual way may have nothing to go back to.
            with suppress(Exception):
                owner.__exit__(mode, None, None, None)
            return


def without_function_modes() -> AbstractContextManager[Any]:
    """Let no mode that was left entered intercept what torch is asked."""
    return _DisableTorchFunction() if _DisableTorchFunction else nullcontext()


class _NoDispatchMode:
    """Stands in for a mode that this torch does not have, and says so when it is used."""

    def __enter__(self) -> Any:
        raise RuntimeError(f"torch {torch.__version__} has no TorchDispatchMode to count with")


_DispatchMode: Any = _ask("utils._python_dispatch.TorchDispatchMode") or _NoDispatchMode


class DispatchMode(_DispatchMode):  # type: ignore[misc] # what it is, torch decides
    """A TorchDispatchMode that does without torch.compile, whose import alone takes a second."""

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        return False


# The default device


_default_device_holder = _ask("_GLOBAL_DEVICE_CONTEXT")


def default_device() -> torch.device:
    """Return the default device, without asking modes, which may be broken by now."""
    if _default_device_holder is None:
        return torch.get_default_device()
    context = getattr(_default_device_holder, "device_context", None)
    return torch.device("cpu") if context is None else context.device


# Forward mode


def dual_level() -> int:
    """Return how many levels of forward mode have been entered, counted from -1."""
    return int(getattr(torch.autograd.forward_ad, "_current_level", -1))


# Hooks


def hooks_on_every_module() -> list[dict[int, Any]]:
    """Return the dicts in which `register_module_forward_hook` and its like keep theirs."""
    return [
        hooks
        for name, hooks in vars(torch.nn.modules.module).items()
        if name.startswith("_global_") and name.endswith("_hooks") and isinstance(hooks, dict)
    ]


_HOOKS_OF_A_MODULE = (
    *("_forward_hooks", "_forward_pre_hooks"),
    *("_backward_hooks", "_backward_pre_hooks"),
)
_HOOKS_OF_A_TENSOR = ("_backward_hooks", "_post_accumulate_grad_hooks")


def count_hooks(thing: Tensor | nn.Module) -> int:
    """Count the hooks that stand on a tensor or a module."""
    names = _HOOKS_OF_A_MODULE if isinstance(thing, nn.Module) else _HOOKS_OF_A_TENSOR
    return sum(len(getattr(thing, name, None) or ()) for name in names)


# The default process group


_World: Any = _ask("distributed.distributed_c10d._World") or object


class WorldOfThreads(_World):  # type: ignore[misc] # what it is, torch decides
    """What torch.distributed knows of groups, with a default group for each thread."""

    def __init__(self) -> None:
        super().__init__()
        self._of_thread = threading.local()
        self._maps: dict[str, dict[Any, Any]] = {"pg_map": {}, "names": {}, "ranks": {}}

    @property
    def default_pg(self) -> Any:
        """The default group of the thread that asks."""
        return getattr(self._of_thread, "group", None)

    @default_pg.setter
    def default_pg(self, group: Any) -> None:
        self._of_thread.group = group
        if group is not None:
            self._maps["pg_map"][group] = ("undefined", None)
            self._maps["names"][group] = "ranks"
            self._maps["ranks"][group] = {rank: rank for rank in range(group.size())}

    @property
    def pg_map(self) -> dict[Any, Any]:
        """Its backend and its store, of each group."""
        return self._maps["pg_map"]

    @property
    def pg_names(self) -> dict[Any, Any]:
        """Its name, of each group."""
        return self._maps["names"]

    @property
    def pg_group_ranks(self) -> dict[Any, Any]:
        """Its ranks, of each group."""
        return self._maps["ranks"]


_WORLD = "_world"
_world_at_first = _ask(f"distributed.distributed_c10d.{_WORLD}")


@contextmanager
def world_of_threads() -> Iterator[WorldOfThreads]:
    """Let torch.distributed look up its default group in a world of threads."""
    module: Any = getattr(torch.distributed, "distributed_c10d", None)
    if module is None or _World is object or _world_at_first is None:
        raise RuntimeError(f"torch {torch.__version__} has no torch.distributed to play ranks with")
    was, world = getattr(module, _WORLD), WorldOfThreads()
    setattr(module, _WORLD, world)
    try:
        yield world
    finally:
        setattr(module, _WORLD, was)


# Graphs and storages


def is_recorded_by(node: Any, function: type[torch.autograd.Function]) -> bool:
    """Tell whether a node is what `function.apply` recorded."""
    recorded = getattr(node, "_forward_cls", None)
    if recorded is not None:
        return recorded is function
    return bool(node.name() == f"{function.__name__}Backward")


def edits_of(tensor: Tensor) -> int:
    """Return how often a tensor's memory was edited in place, as autograd counts it."""
    return int(getattr(tensor, "_version", 0))


def tensors_in(values: Any) -> Iterator[Tensor]:
    """Yield each tensor in a value, in the members of lists, tuples and dicts too."""
    if isinstance(values, Tensor):
        yield values
    elif isinstance(values, dict):
        yield from tensors_in(list(values.values()))
    elif isinstance(values, list | tuple):
        for value in values:
            yield from tensors_in(value)


# Custom operators


def schema_of(op: Any) -> str:
    """Return an operator's schema with its name, such as `mine::erf(Tensor x) -> Tensor`, or ""."""
    return str(getattr(getattr(op, "_opoverload", None), "_schema", ""))


def kernel_of(op: Any) -> Callable[..., Any]:
    """Return the bare function that an operator runs, into which no mode sees."""
    kernel: Callable[..., Any] = getattr(op, "_init_fn", op)
    return kernel


_FakeTensorMode = _ask("_subclasses.FakeTensorMode")


def fake_tensors() -> AbstractContextManager[Any]:
    """Let tensors that are made inside have shape, dtype and device, but no values."""
    return _FakeTensorMode() if _FakeTensorMode else nullcontext()


# Backward passes

_WALK = "_engine_run_backward"
_walk = _ask(f"autograd.{_WALK}")


@contextmanager
def counted_passes() -> Iterator[list[int]]:
    """Count backward passes, whoever asks for them: the list that is given grows by one for each.

    grad, Tensor.backward, torch.func and torch.autograd.functional all come through here.
    """
    passes: list[int] = []

    def counting(*arguments: Any, **named: Any) -> Any:
        passes.append(1)
        return _walk(*arguments, **named)

    if _walk is None:
        yield passes
        return
    setattr(torch.autograd, _WALK, counting)
    try:
        yield passes
    finally:
        setattr(torch.autograd, _WALK, _walk)
