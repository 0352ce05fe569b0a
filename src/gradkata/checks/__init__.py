"""Compare an answer with torch, and say in a learner's words what is different.

This is all that an exercise's tests import of the project. It imports nothing heavy:
`torch.testing.assert_close` alone would cost half a second at its first call.
"""

from __future__ import annotations

import contextlib
import inspect
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Generic, ParamSpec, TypeVar

import torch
from torch import Tensor, nn
from torch.autograd import Function
from torch.autograd.gradcheck import GradcheckError, gradcheck, gradgradcheck

from gradkata.checks.diagnosis import (
    Tolerance,
    Wrong,
    broadcast_axes,
    describe,
    find_fault,
    find_mistake,
    first_difference,
)
from gradkata.checks.guards import Forbidden, forbid
from gradkata.errors import name_of, said_by
from gradkata.torch_internals import (
    DispatchMode,
    count_hooks,
    edits_of,
    is_recorded_by,
    tensors_in,
)

__all__ = [
    "DispatchMode",
    "Forbidden",
    "SquareWithSlope7",
    "Wrong",
    "a_leaf",
    "any_layout",
    "as_list_or_generator",
    "backward_of",
    "build",
    "check",
    "check_backward",
    "check_edits_are_noticed",
    "check_gradients",
    "copies",
    "count_hooks",
    "count_operations",
    "counted",
    "edits_of",
    "either_dtype",
    "forbid",
    "grads",
    "inside_no_grad",
    "node_of",
    "one_by_one",
    "raises",
    "sample",
    "situation",
    "tensors_in",
    "tracked_copies",
    "unchanged",
    "weighted",
]

P = ParamSpec("P")
R = TypeVar("R")
M = TypeVar("M", bound=nn.Module)

GRADIENT_LEFT_OUT = "the incoming gradient is left out: multiply by grad_output"

_AUTOGRAD = (
    "torch.autograd.grad",
    "torch.autograd.backward",
    "torch.autograd.functional",
    "torch.func",
    "torch.Tensor.backward",
)
_BY_ITSELF = "write the formula of the gradient"

_SEEN_BY_AUTOGRAD = (
    "\nAutograd differentiates backward through grad_output, the inputs and the outputs; "
    "whatever else backward uses is a constant to it"
)

_generator = torch.Generator()


def seed_samples(seed: int) -> None:
    """Make `sample` and `build` repeat themselves; the plugin does so before each test."""
    _generator.manual_seed(seed)


# What a test starts from


def sample(
    shape: Sequence[int],
    *,
    device: torch.device | str,
    dtype: torch.dtype = torch.float64,
    low: float = -2.0,
    high: float = 2.0,
    gap: float = 0.0,
    strided: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """Return uniform random values, without moving torch's global random state.

    Args:
        shape: of the result; `()` gives a 0-d tensor.
        device: where it lives.
        dtype: a floating type.
        low: the least value.
        high: the largest value.
        gap: keeps every value at least this far from 0, where a kink may be.
        strided: gives every second element of each row of a larger tensor: neither contiguous, nor
            a flat `view` of anything.
        requires_grad: makes it a leaf that records operations.
    """
    whole = [*shape[:-1], 2 * shape[-1] + 1] if strided else list(shape)
    values = torch.rand(whole, generator=_generator, dtype=torch.float64) * (high - low) + low
    values = torch.where(values.abs() < gap, values + gap * values.sign(), values)
    placed = values.to(device=device, dtype=dtype)
    return (placed[..., 1::2] if strided else placed).requires_grad_(requires_grad)


def build(make: Callable[[], M], *, device: torch.device | str) -> M:
    """Return the module that `make` builds, in float64, without moving the random state."""
    with torch.random.fork_rng(devices=[]):
        # Of the CPU alone: torch.manual_seed would seed the generators of CUDA too.
        torch.default_generator.manual_seed(int(torch.randint(2**31, (), generator=_generator)))
        return make().to(device=device, dtype=torch.float64)


class counted(Generic[P, R]):  # noqa: N801 — it stands for the function that it wraps
    """A function that counts how often it is called, in its attribute `calls`."""

    def __init__(self, function: Callable[P, R]) -> None:
        self.function = function
        self.calls = 0

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Count the call, and make it."""
        self.calls += 1
        return self.function(*args, **kwargs)


def tracked_copies(*tensors: Tensor) -> tuple[Tensor, ...]:
    """Return fresh leaves with the same values, layout and all, that record operations."""
    return tuple(_leaf(t).requires_grad_() for t in tensors)


def _leaf(tensor: Tensor) -> Tensor:
    # clone() would drop the layout of every second element.
    with torch.no_grad():
        return torch.empty_strided(
            tensor.shape, tensor.stride(), dtype=tensor.dtype, device=tensor.device
        ).copy_(tensor)


def _leaves(inputs: Sequence[Any]) -> list[Any]:
    return [
        tracked_copies(x)[0] if isinstance(x, Tensor) and x.is_floating_point() else x
        for x in inputs
    ]


# What a test ends with


def check(
    yours: Any,
    expected: Any,
    *,
    what: str = "",
    mistakes: Mapping[str, Any] | None = None,
    rtol: float | None = None,
    atol: float | None = None,
) -> None:
    """Compare type, shape, dtype, device, requires_grad and values, in this order.

    Tuples, lists and dicts are compared member by member.

    Args:
        yours: what the learner's code gave.
        expected: what is right: torch's value, or one worked out by hand.
        what: opens the message: `forward`, `backward`, `the slope`.
        mistakes: for each known mistake, what it gives, or a function that computes it. The
            key ends the sentence "This is exactly what you get when …".
        rtol: relative tolerance; without it, what suits the dtype.
        atol: absolute tolerance, likewise.

    Raises:
        Wrong: with yours, torch's, and the mistake that gives exactly yours.
    """
    tolerance = Tolerance(rtol, atol)
    fault = find_fault(yours, expected, tolerance)
    if fault is None:
        return
    named = find_mistake(yours, expected, mistakes or {}, tolerance)
    lines = [*fault.lines, named or fault.explanation]
    opening = f"{what}: " if what else ""
    raise Wrong(opening + "\n".join(line for line in lines if line), method=what)


@contextlib.contextmanager
def raises(
    error: type[Exception],
    *,
    when: str,
    naming: Sequence[str] = (),
    advice: str = "",
    name: str = "",
) -> Iterator[None]:
    """Demand an error.

    Args:
        error: its type.
        when: in which case it is due.
        naming: what its text must name.
        advice: what to do if nothing is raised.
        name: what the error is called, where its class has another name.
    """
    name = name or error.__name__
    try:
        yield
    except (NotImplementedError, Wrong, Forbidden):
        raise
    except error as caught:
        text = said_by(caught, named=False) if naming else ""
        absent = [words for words in naming if words not in text]
        if absent:
            raise Wrong(
                f"the {name} raised when {when} says {text!r}: "
                f"let it name {' and '.join(absent)} too"
            ) from caught
    except Exception as caught:
        raise Wrong(
            f"{name} is due when {when}; {name_of(caught)} was raised: "
            f"{said_by(caught, named=False)}"
        ) from caught
    else:
        ending = f": {advice}" if advice else ""
        raise Wrong(f"{name} is due when {when}; nothing was raised{ending}")


@contextlib.contextmanager
def situation(words: str) -> Iterator[None]:
    """Say in which situation an error was raised, where the error itself does not tell.

    Args:
        words: begin the message, before "it raises …": `inside torch.no_grad()`.
    """
    try:
        yield
    except (NotImplementedError, Wrong, Forbidden):
        raise
    except Exception as error:
        raise Wrong(f"{words}, it raises {said_by(error)}") from error


@contextlib.contextmanager
def inside_no_grad() -> Iterator[None]:
    """Call inside `torch.no_grad()`, and demand that recording is still off afterwards."""
    with torch.no_grad():
        with situation("called inside torch.no_grad()"):
            yield
        if torch.is_grad_enabled():
            raise Wrong(
                "called inside torch.no_grad(), it leaves recording switched on: "
                "switch it on in a with-block, torch.enable_grad()"
            )


@contextlib.contextmanager
def unchanged(*things: Tensor | nn.Module) -> Iterator[None]:
    """Demand that tensors and modules are left as they were found.

    Looks at values, `requires_grad`, `.grad`, hooks, and of a module also the training mode
    of every submodule.
    """
    with _left_as_found(lambda: dict(_parts(things))):
        yield


@contextlib.contextmanager
def _left_as_found(parts: Callable[[], dict[str, Tensor | nn.Module]]) -> Iterator[None]:
    before = parts()
    conditions = {name: _condition(thing) for name, thing in before.items()}
    yield
    after = dict(parts())
    for name, thing in before.items():
        if after.pop(name, None) is not thing:
            raise Wrong(f"{name} has been replaced or removed: leave it as it was found")
        for aspect, now in _condition(thing).items():
            was = conditions[name][aspect]
            if find_fault(now, was, Tolerance(0, 0)):
                raise Wrong(_change(f"{aspect} of {name}", was, now))
    if after:
        raise Wrong(f"{next(iter(after))} has been added: leave all as it was found")


def _parts(things: Sequence[Tensor | nn.Module]) -> Iterator[tuple[str, Tensor | nn.Module]]:
    for position, thing in enumerate(things):
        if isinstance(thing, Tensor):
            yield ("an input" if len(things) == 1 else f"input {position + 1}"), thing
            continue
        of = "" if len(things) == 1 else f" of input {position + 1}"
        yield from (
            (f"the module {n!r}{of}" if n else f"the model{of}", m)
            for n, m in thing.named_modules()
        )
        yield from ((f"the parameter {n!r}{of}", p) for n, p in thing.named_parameters())
        yield from ((f"the buffer {n!r}{of}", b) for n, b in thing.named_buffers())


def _condition(thing: Tensor | nn.Module) -> dict[str, Any]:
    if isinstance(thing, nn.Module):
        return {"training": thing.training, "the number of hooks": count_hooks(thing)}
    grad = thing.grad if thing.is_leaf or thing.retains_grad else None
    return {
        "requires_grad": thing.requires_grad,
        ".grad": None if grad is None else grad.detach().clone(),
        "the number of hooks": count_hooks(thing),
        "the value": thing.detach().clone(),
    }


def _change(subject: str, was: Any, now: Any) -> str:
    place = first_difference(was, now)
    if place:
        subject, was, now = f"{subject} at {list(place)}", was[place], now[place]
    return (
        f"{subject} was {_short(was)} before the call and is {_short(now)} after it: "
        "leave it as it was found"
    )


def _short(value: Any) -> str:
    if not isinstance(value, Tensor):
        return str(value)
    return str(value.item()) if value.ndim == 0 else f"{describe(value)} and {value.dtype}"


# How a Function is measured


def node_of(function: type[Function], output: Any) -> Any:
    """Return the node (the `ctx`) that `function.apply` left on its output.

    Raises:
        Wrong: if the output comes from anything but that Function.
    """
    if not isinstance(output, Tensor):
        raise Wrong(f"forward: yours is {describe(output)}, a tensor is due", method="forward")
    name = function.__name__
    if output.grad_fn is None:
        raise Wrong(
            f"forward: the output of {name}.apply has no graph, though its input requires grad: "
            "return a tensor that forward made, and leave grad mode alone",
            method="forward",
        )
    if not is_recorded_by(output.grad_fn, function):
        made_by = output.grad_fn.name().split("::")[-1]
        raise Wrong(
            f"the output of {name}.apply was recorded by {made_by}, not by {name}: "
            f"let {name}'s own forward and backward do the work",
        )
    return output.grad_fn


def backward_of(
    function: type[Function], inputs: Sequence[Any], *cotangents: Tensor | None
) -> tuple[Any, ...]:
    """Run forward through `apply` and then `backward` by itself, and return its gradients.

    The engine would hide what backward gives: it sums a gradient that still has the broadcast
    shape, and its nodes run where a guard cannot look. Here each gradient must be a tensor of
    its input's shape, dtype and device, or None; the cotangents must be left as they are, and
    autograd may not be asked for help.

    Args:
        function: the learner's class.
        inputs: the arguments of `apply`. If no tensor among them requires grad, all do.
        cotangents: one for each output.

    Returns:
        One gradient for each input; those beyond, which must be None, are cut off.
    """
    inputs = _tracked(inputs)
    with torch.enable_grad():
        outputs = function.apply(*inputs)
    first = outputs[0] if isinstance(outputs, tuple) else outputs
    node = node_of(function, first)
    alone = len(cotangents) == 1
    given: dict[str, Tensor | nn.Module] = {
        "the incoming gradient" if alone else f"incoming gradient {i + 1}": cotangent
        for i, cotangent in enumerate(cotangents)
        if cotangent is not None
    }
    with (
        torch.no_grad(),
        _left_as_found(lambda: dict(given)),
        forbid(*_AUTOGRAD, reason=_BY_ITSELF),
    ):
        gradients = function.backward(node, *cotangents)
    return _one_gradient_each(function, inputs, gradients)


def _tracked(inputs: Sequence[Any]) -> list[Any]:
    floating = [isinstance(x, Tensor) and x.is_floating_point() for x in inputs]
    if any(f and x.requires_grad for x, f in zip(inputs, floating, strict=True)):
        return list(inputs)
    return [x.detach().requires_grad_() if f else x for x, f in zip(inputs, floating, strict=True)]


def _one_gradient_each(
    function: type[Function], inputs: Sequence[Any], gradients: Any
) -> tuple[Any, ...]:
    names = _argument_names(function, len(inputs))
    if isinstance(gradients, list):
        raise Wrong("backward: it returns a list, a tuple is due", method="backward")
    given = gradients if isinstance(gradients, tuple) else (gradients,)
    if len(given) < len(inputs) or any(extra is not None for extra in given[len(inputs) :]):
        many = f"{len(given)} gradient{'s' * (len(given) != 1)}"
        returned = many if given is gradients else describe(gradients)
        takes = f"{len(inputs)} argument{'s' * (len(inputs) != 1)} ({', '.join(names)})"
        raise Wrong(
            f"backward: it returns {returned}, forward takes {takes}: "
            "return one gradient for each, None where there is none",
            method="backward",
        )
    for name, value, gradient in zip(names, inputs, given, strict=False):
        _check_form(name, value, gradient)
    return given[: len(inputs)]


def _argument_names(function: type[Function], count: int) -> list[str]:
    takes_ctx = function.setup_context is Function.setup_context
    parameters = list(inspect.signature(function.forward).parameters.values())[takes_ctx:]
    names = [p.name for p in parameters[:count] if p.kind is not p.VAR_POSITIONAL]
    return names if len(names) == count else [f"argument {i + 1}" for i in range(count)]


def _check_form(name: str, value: Any, gradient: Any) -> None:
    """Demand of a gradient what its input has; None is left to the test."""
    if gradient is None:
        return
    if not isinstance(value, Tensor):
        fact = f"is {describe(gradient)}; {name} is {describe(value)}: return None for it"
    elif type(gradient) is not Tensor:
        fact = f"is {describe(gradient)}, a plain tensor is due"
    elif gradient.shape != value.shape:
        axes = broadcast_axes(tuple(gradient.shape), tuple(value.shape))
        over = " and ".join(map(str, axes))
        advice = f": sum over the broadcast {'axis' if len(axes) == 1 else 'axes'} {over}"
        fact = f"has shape {tuple(gradient.shape)}, {name} has shape {tuple(value.shape)}"
        fact += advice if axes else ""
    elif gradient.dtype != value.dtype:
        fact = f"is {gradient.dtype}, {name} is {value.dtype}"
    elif gradient.device != value.device:
        fact = f"is on {gradient.device}, {name} is on {value.device}"
    else:
        return
    raise Wrong(f"backward: the gradient for {name} {fact}", method="backward")


def check_backward(
    function: type[Function],
    reference: Callable[..., Any],
    inputs: Sequence[Any],
    *cotangents: Tensor,
    mistakes: Mapping[str, Any] | None = None,
) -> None:
    """Compare each gradient that `backward` gives with torch's own for `reference`.

    Args:
        function: the learner's class.
        reference: torch's way to compute the same from the same inputs.
        inputs: the arguments of `apply`. If no tensor among them requires grad, all do.
        cotangents: one for each output.
        mistakes: as for `check`, for the gradients of the inputs that require grad.

    Raises:
        Wrong: with the first gradient that is not torch's.
    """
    inputs = _tracked(inputs)
    asked = [isinstance(x, Tensor) and x.requires_grad for x in inputs]
    yours = backward_of(function, inputs, *cotangents)
    torchs = _reference_gradients(reference, inputs, cotangents)
    constant = _reference_gradients(reference, inputs, [torch.ones_like(c) for c in cotangents])
    names = [n for n, a in zip(_argument_names(function, len(inputs)), asked, strict=True) if a]
    mine = [gradient for gradient, a in zip(yours, asked, strict=True) if a]
    # A lone gradient reads better without its place in a tuple of one.
    simple = len(mine) == 1
    known = dict(mistakes or {}) | {GRADIENT_LEFT_OUT: constant[0] if simple else constant}
    if not simple:
        known["the gradients are returned in another order than the inputs"] = torchs[::-1]
    what = "backward" if simple else f"backward, gradients for {' and '.join(names)}"
    check(mine[0] if simple else mine, torchs[0] if simple else torchs, what=what, mistakes=known)


def _reference_gradients(
    reference: Callable[..., Any], inputs: Sequence[Any], cotangents: Sequence[Tensor]
) -> list[Tensor]:
    leaves = [
        x.detach().clone().requires_grad_(x.requires_grad) if isinstance(x, Tensor) else x
        for x in inputs
    ]
    asked = [x for x in leaves if isinstance(x, Tensor) and x.requires_grad]
    return list(torch.autograd.grad(reference(*leaves), asked, cotangents))


def check_gradients(
    function: Callable[..., Any], inputs: Sequence[Any], *, twice: bool = True
) -> None:
    """Compare backward with finite differences, and backward's own backward too if `twice`.

    Args:
        function: such as `Sigmoid.apply`.
        inputs: float64; the tensors among them get fresh leaves.
        twice: whether gradients of gradients are promised.

    Raises:
        Wrong: saying which of the two orders is not right.
    """
    leaves = _leaves(inputs)
    with torch.enable_grad():
        _agree(gradcheck, "gradient", function, leaves)
        if twice:
            # Those that gradgradcheck would draw move the global random state.
            cotangents = _cotangents(function(*leaves))
            _agree(gradgradcheck, "gradient of the gradient", function, leaves, cotangents)


def _cotangents(outputs: Any) -> list[Tensor]:
    several = outputs if isinstance(outputs, tuple | list) else (outputs,)
    differentiable = [y for y in several if isinstance(y, Tensor) and y.requires_grad]
    return [
        sample(y.shape, device=y.device, dtype=y.dtype, requires_grad=True) for y in differentiable
    ]


def _agree(
    compare: Any, which: str, function: Callable[..., Any], leaves: Sequence[Any], *cotangents: Any
) -> None:
    try:
        # Sums on a GPU are not made in the same order each time.
        compare(function, leaves, *cotangents, nondet_tol=1e-10)
    except GradcheckError as error:
        reason = str(error).strip().splitlines()[0].rstrip(",. ")
        advice = _SEEN_BY_AUTOGRAD if compare is gradgradcheck else ""
        raise Wrong(
            f"backward: the {which} is not what finite differences measure\n"
            f"  torch's gradcheck says: {reason}{advice}",
            method="backward",
        ) from error


def check_edits_are_noticed(function: Callable[..., Any], inputs: Sequence[Any]) -> None:
    """Demand that a change in place after forward raises in backward, or changes nothing.

    Each tensor that goes in and each that comes out is edited in turn. What
    `ctx.save_for_backward` keeps is watched by autograd; what `ctx.x = x` keeps is not.

    Raises:
        Wrong: if backward silently uses the edited values.
    """
    right = _gradients_after_edit(function, inputs)
    for name in _editable(inputs, function(*_leaves(inputs))):
        try:
            edited = _gradients_after_edit(function, inputs, name)
        except RuntimeError as error:
            # One message for what was saved, another where an output is a view.
            if "inplace" not in said_by(error):
                raise
            continue
        if find_fault(edited, right, Tolerance()):
            raise Wrong(
                f"backward: {name} was changed in place after forward, and backward gave another "
                "gradient without a word\n"
                "Tensors kept as attributes of ctx are not watched: keep them with "
                "ctx.save_for_backward",
                method="backward",
            )


def _gradients_after_edit(
    function: Callable[..., Any], inputs: Sequence[Any], name: str = ""
) -> list[Tensor]:
    leaves = _leaves(inputs)
    # autograd forbids editing a leaf; what forward sees may be edited.
    seen = [x.clone() if isinstance(x, Tensor) else x for x in leaves]
    outputs = function(*seen)
    if name:
        _edit(_editable(seen, outputs)[name])
    several = outputs if isinstance(outputs, tuple) else (outputs,)
    total = [o for o in several if o.requires_grad]
    weights = [torch.linspace(1, 2, o.numel()).to(o).reshape(o.shape) for o in total]
    asked = [x for x in leaves if isinstance(x, Tensor) and x.requires_grad]
    return list(torch.autograd.grad(total, asked, weights))


def _editable(inputs: Sequence[Any], outputs: Any) -> dict[str, Tensor]:
    alone = not isinstance(outputs, tuple)
    named = {f"input {i + 1}": x for i, x in enumerate(inputs)}
    named |= {
        "the output" if alone else f"output {i + 1}": y
        for i, y in enumerate((outputs,) if alone else outputs)
    }
    return {name: thing for name, thing in named.items() if isinstance(thing, Tensor)}


def _edit(tensor: Tensor) -> None:
    """Change every value, and where it matters its sign; an index stays one."""
    with torch.no_grad():
        if tensor.is_floating_point():
            tensor.mul_(-3).add_(1)
        else:
            tensor.zero_()


class count_operations(DispatchMode):  # noqa: N801 — read as a phrase: with count_operations()
    """Count the operations that run inside, as torch's dispatcher sees them.

    `with count_operations() as count:` makes `count["mm"]` the number of matrix products.
    In-place operations count under their own name: `mul_`.
    """

    def __init__(self) -> None:
        super().__init__()
        self.count: Counter[str] = Counter()

    def __enter__(self) -> Counter[str]:
        super().__enter__()
        return self.count

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        self.count[func.overloadpacket.__name__] += 1
        return func(*args, **(kwargs or {}))


from gradkata.checks.shared_by_tests import (  # noqa: E402 — it is made of what stands above
    SquareWithSlope7,
    a_leaf,
    any_layout,
    as_list_or_generator,
    copies,
    either_dtype,
    grads,
    one_by_one,
    weighted,
)
