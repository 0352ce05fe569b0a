"""How a Function is measured: its node, each gradient of its backward, and what it keeps."""

from __future__ import annotations

import inspect
import linecache
import traceback
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd import Function
from torch.autograd.gradcheck import GradcheckError, gradcheck, gradgradcheck

from gradkata.checks.as_found import left_as_found
from gradkata.checks.compare import check
from gradkata.checks.diagnosis import Wrong, describe
from gradkata.checks.explanations import broadcast_axes
from gradkata.checks.guards import forbid
from gradkata.checks.samples import leaves_of, sample
from gradkata.errors import said_by
from gradkata.torch_internals import edits_of, is_recorded_by

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
    autograd may not be asked for help. Forward may not write to an input, not even for a while.

    Args:
        function: the learner's class.
        inputs: the arguments of `apply`. If no tensor among them requires grad, all do.
        cotangents: one for each output.

    Returns:
        One gradient for each input; those beyond, which must be None, are cut off.
    """
    inputs = _tracked(inputs)
    edits = [edits_of(x) for x in inputs]
    with torch.enable_grad():
        outputs = function.apply(*inputs)
    several = outputs if isinstance(outputs, tuple) else (outputs,)
    node = node_of(function, several[0])
    _check_inputs_unwritten(function, inputs, edits)
    _check_outputs_saved(node, several)
    alone = len(cotangents) == 1
    given: dict[str, Tensor | nn.Module] = {
        "the incoming gradient" if alone else f"incoming gradient {i + 1}": cotangent
        for i, cotangent in enumerate(cotangents)
        if cotangent is not None
    }
    with (
        torch.no_grad(),
        left_as_found(lambda: dict(given)),
        forbid(*_AUTOGRAD, reason=_BY_ITSELF),
    ):
        gradients = _gradients(function, node, cotangents)
    return _one_gradient_each(function, inputs, gradients)


def _tracked(inputs: Sequence[Any]) -> list[Any]:
    floating = [isinstance(x, Tensor) and x.is_floating_point() for x in inputs]
    if any(f and x.requires_grad for x, f in zip(inputs, floating, strict=True)):
        return list(inputs)
    return [x.detach().requires_grad_() if f else x for x, f in zip(inputs, floating, strict=True)]


def _check_inputs_unwritten(
    function: type[Function], inputs: Sequence[Any], edits: Sequence[int]
) -> None:
    names = _argument_names(function, len(inputs))
    for name, value, before in zip(names, inputs, edits, strict=True):
        if edits_of(value) != before:
            raise Wrong(
                f"forward: {name} is written to in place. Even if its values are put back, an "
                "operation before this one that has saved it will refuse to go backward: "
                "write to a tensor of your own",
                method="forward",
            )


def _check_outputs_saved(node: Any, outputs: Sequence[Any]) -> None:
    """Demand that no output hangs on ctx: the two would hold each other, and never be freed."""
    for name, value in vars(node).items():
        if any(value is y and y.grad_fn is not None for y in outputs):
            raise Wrong(
                f"forward: ctx.{name} holds an output, which holds ctx by its grad_fn, and neither "
                "is ever freed: keep it with ctx.save_for_backward, or ctx.save_for_forward for jvp"
            )


def _gradients(function: type[Function], node: Any, cotangents: Sequence[Tensor | None]) -> Any:
    try:
        return function.backward(node, *cotangents)
    except (TypeError, AttributeError) as error:
        if not _takes_saved_tensors_for_a_tensor(error):
            raise
        raise Wrong(
            f"backward: {said_by(error)}\n"
            "ctx.saved_tensors is a tuple, also where only one was saved. Unpack it: "
            "(x,) = ctx.saved_tensors",
            method="backward",
        ) from error


def _takes_saved_tensors_for_a_tensor(error: Exception) -> bool:
    """Tell whether the line that fails names the tuple `ctx.saved_tensors`, or a variable of it."""
    *_, (frame, line) = traceback.walk_tb(error.__traceback__)
    text = linecache.getline(frame.f_code.co_filename, line)
    tuples = [n for n, v in frame.f_locals.items() if isinstance(v, tuple) and n in text]
    return ".saved_tensors" in text or any(
        all(isinstance(member, Tensor) for member in frame.f_locals[name]) for name in tuples
    )


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
        if not gradient.ndim:
            advice = ": every axis was summed over, which a sum over no axes, sum(()), does too"
        fact += advice if axes or not gradient.ndim else ""
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
    leaves = leaves_of(inputs)
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
