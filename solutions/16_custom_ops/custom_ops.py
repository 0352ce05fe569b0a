"""Register operators of your own, and tell torch about them one rule at a time.

For all tasks here, unless a docstring says otherwise:

- Each `register_…` takes a free name such as `"mine::erf"`, registers one operator under it, and
  returns what `torch.library.custom_op` makes. It may be called again, with another name.
- The function that computes, the *kernel*, stands inside, annotated as the docstring shows; torch
  reads the annotations, and makes the operator's schema of them. It changes no argument.
- Kernels compute with Python's `math` or with NumPy, and torch brings the values there and back.
  Tensors live on any device, the results on the same; on a GPU, NumPy needs `x.cpu()`.
- Tensors are float32 or float64, not empty, and of any layout: transposed or strided perhaps.
  Results have the dtype of the arguments, which is the same for all tensors of a call.
- On the device "meta" an op need work only where its docstring asks for a fake kernel.
- A result shares no memory with an argument, nor with another result: an argument that is written
  to later leaves it as it is. torch does not notice what is shared through NumPy.
- Nothing is kept from one call for the next, whatever is written to an argument between them.
- torch calls `setup_context(ctx=…, inputs=…, output=…)`: its parameters must bear these names.
- A gradient that is registered by `register_autograd` leaves what comes in as it is: it may be in
  use elsewhere. What is written to between forward and backward must not go unnoticed: backward
  raises, or gives the gradient for the values of before; `ctx.save_for_backward` sees to that.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.library import CustomOpDef, custom_op  # type: ignore[attr-defined] # it is there
from torch.nn import functional as F


def register_erf(name: str) -> CustomOpDef:
    """Register the error function, `op(x: Tensor) -> Tensor`, computed by `math.erf`.

    x has any shape, 0-d too, and is any number: ±inf gives ±1, NaN gives NaN. It works element by
    element, without torch's own `erf`, `erfc` or `special`. There is no gradient yet: that is
    `register_scaled_erf`.

    Returns:
        The operator, of the schema `name(Tensor x) -> Tensor`. `torch.ops` has it too: "mine::erf"
        is `torch.ops.mine.erf`.

    Source: torch.library.custom_op, and math.erf.
    """

    @custom_op(name, mutates_args=())
    def erf(x: Tensor) -> Tensor:
        values = [math.erf(value) for value in x.flatten().tolist()]
        return torch.tensor(values, dtype=x.dtype, device=x.device).reshape(x.shape)

    return erf


def register_windows(name: str) -> CustomOpDef:
    """Register all windows of a vector, `op(x: Tensor, size: int, step: int) -> Tensor`.

    Row i of the result is `x[i * step : i * step + size]`; there are ⌊(n − size)/step⌋ + 1 rows,
    as many as fit into the n elements of x. The op has a *fake kernel* as well, by `register_fake`:
    it is told x's shape, dtype and device, without any values, and returns a tensor that has those
    of the result. By it the op works on the device "meta" and for torch.compile.

    Args of op:
        x: a vector, float32, float64 or int64.
        size: at least 1 and at most n.
        step: at least 1; it may be larger than size, or than n.

    Returns:
        The operator, of the schema `name(Tensor x, SymInt size, SymInt step) -> Tensor`. Its result
        has shape (rows, size) and x's dtype and device, and is contiguous; so is that of the fake.

    Source: torch.library.register_fake, and Tensor.unfold.
    """

    @custom_op(name, mutates_args=())
    def windows(x: Tensor, size: int, step: int) -> Tensor:
        every = np.lib.stride_tricks.sliding_window_view(x.numpy(force=True), size)
        return torch.tensor(every[::step], device=x.device)

    @windows.register_fake
    def _(x: Tensor, size: int, step: int) -> Tensor:
        return x.new_empty(((x.shape[0] - size) // step + 1, size))

    return windows


def register_scaled_erf(name: str) -> CustomOpDef:
    """Register erf(scale·x), `op(x: Tensor, scale: float) -> Tensor`, with its gradient.

    d/dx erf(scale·x) = (2/√π) · scale · exp(−(scale·x)²). It is given to torch by
    `register_autograd`, whose `setup_context` keeps what backward needs of the call at hand: there
    may be others, with another scale, before backward runs. The op can be differentiated any number
    of times in x, for which backward computes with torch's operations. scale has no gradient.

    What backward returns must be a tuple, one member for each argument of op: torch takes a list
    for one gradient.

    Args of op:
        x: finite, any shape.
        scale: finite; it may be negative or 0.

    Returns:
        The operator, of the schema `name(Tensor x, float scale) -> Tensor`. Its result has x's
        shape, dtype and device, and no graph if x has none.

    Source: torch.library.register_autograd.
    """

    @custom_op(name, mutates_args=())
    def scaled_erf(x: Tensor, scale: float) -> Tensor:
        values = [math.erf(scale * value) for value in x.flatten().tolist()]
        return torch.tensor(values, dtype=x.dtype, device=x.device).reshape(x.shape)

    def setup_context(ctx: Any, inputs: tuple[Tensor, float], output: Tensor) -> None:
        x, ctx.scale = inputs
        ctx.save_for_backward(x)

    def backward(ctx: Any, grad_output: Tensor) -> tuple[Tensor, None]:
        (x,) = ctx.saved_tensors
        slope = 2 / math.sqrt(math.pi) * ctx.scale * torch.exp(-((ctx.scale * x) ** 2))
        return grad_output * slope, None

    scaled_erf.register_autograd(backward, setup_context=setup_context)
    return scaled_erf


def register_accumulate(name: str) -> CustomOpDef:
    """Register total ← total + |x| in place, `op(total: Tensor, x: Tensor) -> None`.

    The op writes into total's own memory, and its schema says so of total, and of nothing else:
    autograd must learn of it, since an operation before may have saved total for its backward,
    which is to raise now. What has saved x goes on as before.

    Args of op:
        total: any shape, 0-d too; it may be a view of part of a larger tensor, whose other
            elements stay. It shares no memory with x.
        x: of total's shape.

    Returns:
        The operator, of the schema `name(Tensor(a0!) total, Tensor x) -> ()`. It has no gradient of
        its own and returns None.

    Source: torch.library.custom_op, its argument mutates_args.
    """

    @custom_op(name, mutates_args=("total",))
    def accumulate(total: Tensor, x: Tensor) -> None:
        total += torch.tensor(np.abs(x.numpy(force=True)), device=x.device)

    return accumulate


def register_solve(name: str) -> CustomOpDef:
    """Register the solution x of a x = b, `op(a: Tensor, b: Tensor) -> Tensor`, with a vmap rule.

    Computed by `numpy.linalg.solve`. Beware of its b: since NumPy 2, a b of two axes is a matrix to
    it, one right-hand side in each column, and no longer several vectors.

    Under `torch.func.vmap`, nested too, with any `in_dims`, None for one of the two perhaps, the
    kernel runs exactly once, for all systems together. The rule, given to `register_vmap`, is
    called with `info`, whose `batch_size` is the length of the axis that is mapped over, with
    `in_dims`, where that axis is in a and in b, or None where it is not, and with a and b. It
    calls op on tensors with one leading axis more, and returns the result together with the place
    of that axis in it. Without a rule, torch runs the kernel once for each system.

    Args of op:
        a: shape (…, n, n), with any number of leading axes; invertible.
        b: shape (…, n), with the same leading axes as a.

    Returns:
        The operator, of the schema `name(Tensor a, Tensor b) -> Tensor`. Its result has the shape
        of b.

    Source: torch.library.register_vmap, and numpy.linalg.solve.
    """

    @custom_op(name, mutates_args=())
    def solve(a: Tensor, b: Tensor) -> Tensor:
        columns = np.linalg.solve(a.numpy(force=True), b.numpy(force=True)[..., None])
        return torch.tensor(columns[..., 0], device=b.device)

    @solve.register_vmap
    def _(info: Any, in_dims: tuple[int | None, ...], a: Tensor, b: Tensor) -> tuple[Tensor, int]:
        a, b = (
            t.expand(info.batch_size, *t.shape) if dim is None else t.movedim(dim, 0)
            for t, dim in zip((a, b), in_dims, strict=True)
        )
        return solve(a, b), 0

    return solve


def register_correlate(name: str) -> CustomOpDef:
    """Register the correlation of two vectors, `op(x: Tensor, w: Tensor) -> Tensor`.

    Element i of the result is Σⱼ x[i + j]·w[j], wherever w lies within x, which is what
    `numpy.correlate(x, w, "valid")` computes. The op has a fake kernel, and a gradient for x and
    for w, which can be differentiated again. Forward, backward and backward's backward work on the
    device "meta" too, so NumPy has no place in backward: a gradient of a correlation is a
    correlation again, of what comes in with w (padded and flipped), or with x.

    Backward computes only what `ctx.needs_input_grad` asks for: if one of the two is frozen, which
    is to say that it does not require grad, the other one's gradient costs at most one run of the
    kernel, and nothing is computed of the frozen one's. torch's own operations are no run.

    Args of op:
        x: n elements.
        w: m elements, 1 ≤ m ≤ n; it may be x itself.

    Returns:
        The operator, of the schema `name(Tensor x, Tensor w) -> Tensor`. Its result has n − m + 1
        elements.

    Source: numpy.correlate, and torch.nn.functional.conv1d, which is a correlation too.
    """

    @custom_op(name, mutates_args=())
    def correlate(x: Tensor, w: Tensor) -> Tensor:
        values = np.correlate(x.numpy(force=True), w.numpy(force=True), "valid")
        return torch.tensor(values, device=x.device)

    @correlate.register_fake
    def _(x: Tensor, w: Tensor) -> Tensor:
        return x.new_empty(x.shape[0] - w.shape[0] + 1)

    def setup_context(ctx: Any, inputs: tuple[Tensor, Tensor], output: Tensor) -> None:
        ctx.save_for_backward(*inputs)

    def backward(ctx: Any, grad_output: Tensor) -> tuple[Tensor | None, Tensor | None]:
        x, w = ctx.saved_tensors
        grad_x = grad_w = None
        if ctx.needs_input_grad[0]:
            around = w.shape[0] - 1
            grad_x = correlate(F.pad(grad_output, (around, around)), w.flip(0))
        if ctx.needs_input_grad[1]:
            grad_w = correlate(x, grad_output)
        return grad_x, grad_w

    correlate.register_autograd(backward, setup_context=setup_context)
    return correlate


def check_op(op: CustomOpDef, *args: Any) -> bool:
    """Tell whether an operator is right about itself and about its gradient, at these arguments.

    It takes two checks, for neither sees what the other does:

    - `torch.library.opcheck`, with the arguments as they are: whether the schema says what op
      changes, whether autograd is registered as it should be, and whether the fake kernel foresees
      shape, dtype and device. Its `test_aot_dispatch_dynamic` may be left out. It takes any
      gradient for right.
    - `torch.autograd.gradcheck`, if a tensor among the arguments requires grad: whether the
      gradient is that which finite differences measure. It needs float64, so it gets copies of the
      floating tensors in float64, each of which requires grad if the argument does.

    Args:
        op: what `custom_op` makes; it returns a floating tensor.
        args: of op: tensors, floating or not, leaves or not, on one device; and numbers.

    Returns:
        True or False, and no error: whatever `Exception` op, its fake kernel or its backward raises
        counts as False; Ctrl-C, which is none, gets through. The same inside `torch.no_grad()`, and
        after an earlier call. The arguments stay as they are, `requires_grad` and `.grad` included;
        torch's global random state moves by nothing but what op itself may draw.

    Source: torch.library.opcheck, torch.autograd.gradcheck.
    """
    utilities = ("test_schema", "test_autograd_registration", "test_faketensor")
    doubles = [
        arg.detach().to(torch.float64, copy=True).requires_grad_(arg.requires_grad)
        if isinstance(arg, Tensor) and arg.is_floating_point()
        else arg
        for arg in args
    ]
    tracked = any(isinstance(arg, Tensor) and arg.requires_grad for arg in doubles)
    try:
        with torch.enable_grad():
            torch.library.opcheck(op, args, test_utils=utilities)
            return not tracked or torch.autograd.gradcheck(op, doubles)
    except Exception:
        return False
