"""Write the tests: accept whatever is right, and let no fault get past.

Each function here is a check. It takes one candidate, a function, and returns None if that is
right; if not, it raises an error that says what is wrong, such as `AssertionError`. What it sees of
a candidate is what it does: none has a name of its own.

- Right is what keeps every promise of the docstring. What is promised nowhere, a check must not
  demand: not bit for bit torch's value, nor one way of computing it, nor a layout.
- A check is called many times, each time with another candidate, right ones and wrong ones in any
  order. It is to accept every right one and reject every wrong one, in each of two draws of the
  random numbers. Before each call `torch`, NumPy and Python's `random` are seeded, and afterwards
  put back; a generator of your own is fine.
- Any `Exception` is a rejection, also one that the candidate raises and the check lets through. So
  is `pytest.fail`. An assert of yours needs a sentence: `assert y.shape == x.shape, "the shape …"`.
- Everything of torch may be used, torch's own function for the same too: `gradcheck`,
  `torch.testing`, hooks.
- Grad mode is on, and is on afterwards; the default dtype, too, is afterwards what it was.
- A candidate gets what the check hands in, by the names in the docstring or by position: tensors on
  the CPU, float32 or float64, in any layout and not empty. That it can be differentiated holds for
  `torch.autograd.grad` and `.backward`, and for finite incoming gradients of the result's dtype;
  forward mode and `torch.func` are promised nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import torch
from torch import Tensor, nn
from torch.nn import functional as F


def _random(*shape: int) -> Tensor:
    """Return random numbers of both signs, in float64."""
    return torch.randn(shape, dtype=torch.float64)


def check_cube(cube: Callable[[Tensor], Tensor]) -> None:
    """Check a function that cubes each element.

    `cube(x)` promises:

    - The value is x³, for x of any shape, 0-d too, and of any layout, not contiguous too. The
      result has the shape and the dtype of x, float32 or float64, and is computed in it.
    - It can be differentiated twice, for any incoming gradient.
    - x keeps its values.

    Args:
        cube: the candidate.

    Raises:
        Exception: the candidate breaks a promise; the text says which.
    """
    raise NotImplementedError


def check_relu(relu: Callable[[Tensor], Tensor]) -> None:
    """Check a rectifier.

    `relu(x)` promises:

    - The value is max(x, 0), in the shape and the dtype of x: NaN stays NaN, −inf gives 0, and a
      negative x gives 0.0, not −0.0.
    - It can be differentiated once, for any incoming gradient. The slope is 1 where x > 0 and 0
      where x ≤ 0, at 0 too.
    - x keeps its values.

    Not promised: the sign of relu(−0.0), the gradient where x is NaN, the sign of a gradient of 0.

    Args:
        relu: the candidate.

    Raises:
        Exception: the candidate breaks a promise; the text says which.
    """
    raise NotImplementedError


def check_mul_backward(
    backward: Callable[[Tensor, Tensor, Tensor], tuple[Tensor, Tensor]],
) -> None:
    """Check the backward of a product with broadcasting.

    `backward(grad_output, x, y)` promises:

    - It returns a tuple of two gradients, for x and for y, of the product x * y whose incoming
      gradient is grad_output, of the product's shape.
    - Each of the operands may be broadcast, along any axes, and may be 0-d. Each gradient has the
      shape of its operand.
    - grad_output, x and y do not require grad, and keep their values.

    Args:
        backward: the candidate.

    Raises:
        Exception: the candidate breaks a promise; the text says which.
    """
    raise NotImplementedError


def check_softmax(softmax: Callable[[Tensor, int], Tensor]) -> None:
    """Check a softmax.

    `softmax(x, dim)` promises:

    - It is exp(x) / Σ exp(x), with the sum along the axis dim, for x with one axis or more; dim may
      be negative. The result has the shape and the dtype of x, and is computed in it.
    - It can be differentiated once, for any incoming gradient.
    - Logits may be as large as ±1e4, also in rows that lie as far apart. A logit of −inf gives 0;
      not all along dim are.

    Args:
        softmax: the candidate.

    Raises:
        Exception: the candidate breaks a promise; the text says which.
    """
    raise NotImplementedError


def check_clip_grad_norm_(clip: Callable[[Iterable[Tensor], float], Tensor]) -> None:
    """Check a clipping of gradients by their norm.

    `clip(params, max_norm)` promises:

    - It returns a 0-d tensor of the gradients' dtype, the 2-norm of all of them taken together as
      one vector, as it was before clipping; 0, of any dtype, if no parameter has a gradient.
    - Where that norm is larger than max_norm, which is positive, it scales all gradients by one
      factor, so that the norm becomes max_norm; within a relative 1e-5, for torch divides by the
      norm + 1e-6. Where it is smaller, gradients keep their values.
    - params is any iterable of leaves, a generator too, and their gradients have one dtype. A
      `.grad` stays the same object, and one that is None stays None.

    Args:
        clip: the candidate.

    Raises:
        Exception: the candidate breaks a promise; the text says which.
    """
    raise NotImplementedError


def check_train_epoch(train_epoch: Callable[..., float]) -> None:
    """Check one epoch of training.

    `train_epoch(model, optimizer, loss_fn, batches)` promises:

    - It makes one step of the optimizer for each batch, in their order, by the gradient of that
      batch's loss and of nothing else: what `.grad` holds before is dropped.
    - It returns a Python float, the mean loss per sample over all batches, where the loss of a
      batch is the one before its step; batches may differ in size.
    - The model runs in the mode, train or eval, in which it is, and stays in it.
    - `ValueError` is raised if there is no batch.

    batches is any iterable, a generator too, of pairs (x, y), whose first axes run over the same
    one or more samples. `loss_fn(model(x), y)` is a 0-d tensor, the mean over the samples; the
    optimizer is one of torch.optim that holds all parameters of the model, and whose `step` needs
    no closure.
    Not promised: what `.grad` holds afterwards, and that `zero_grad` is called, or how often.

    Args:
        train_epoch: the candidate.

    Raises:
        Exception: the candidate breaks a promise; the text says which.
    """
    raise NotImplementedError


def check_hvp(hvp: Callable[[Callable[[Tensor], Tensor], Tensor, Tensor], Tensor]) -> None:
    """Check a product of the Hessian with a vector.

    `hvp(f, x, v)` promises:

    - It is H·v, where H holds the second derivatives of f at x; f returns a 0-d tensor, and can be
      differentiated twice, and x and v have one shape, which is the result's. Zeros where f is
      linear in x, and where f does without x.
    - The result has no graph attached.
    - x, v and what f closes over stay as they are: values, `requires_grad` and `.grad`. x and v do
      not require grad; what f closes over may.
    - f is called once, and the number of passes backward through it does not grow with x: a hook on
      a tensor inside f runs three times at most.

    Not promised: that what f gets is x itself, or an ordinary tensor; it may run under torch.func.

    Args:
        hvp: the candidate.

    Raises:
        Exception: the candidate breaks a promise; the text says which.
    """
    raise NotImplementedError


def check_checkpoint(checkpoint: Callable[..., Tensor]) -> None:
    """Check a checkpoint, which computes again in backward instead of keeping what it needs.

    `checkpoint(fn, *args)` promises:

    - It is fn(*args), one tensor, to be used with one `.backward()`. fn runs once, and once more
      in backward, with the same random numbers.
    - Gradients reach the args, and also tensors that fn closes over, for any incoming gradient; be
      it that some args require grad, or that none does and only what fn closes over.
    - args may be anything, and what is no tensor reaches fn as it is.
    - backward leaves torch's random state as it is just before it.

    fn takes at least one tensor, needs values of forward in its backward, and writes into nothing.
    Not promised: that grad mode is on where fn runs first, and that a tensor reaches it as the same
    object.

    Args:
        checkpoint: the candidate.

    Raises:
        Exception: the candidate breaks a promise; the text says which.
    """
    raise NotImplementedError
