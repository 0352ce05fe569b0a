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
    raise NotImplementedError


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
    raise NotImplementedError


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
    raise NotImplementedError


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
    raise NotImplementedError


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
    raise NotImplementedError


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
    raise NotImplementedError


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
    raise NotImplementedError
