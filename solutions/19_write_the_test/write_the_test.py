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
    for x in (_random(3, 4).T, _random()):
        before, v, w = x.clone(), torch.randn_like(x), torch.randn_like(x)
        x.requires_grad_()
        y = cube(x)
        assert torch.equal(x, before), "x is overwritten"
        (grad,) = torch.autograd.grad(y, x, v, create_graph=True)
        (second,) = torch.autograd.grad(grad, x, w)
        expected = (before**3, 3 * before**2 * v, 6 * before * v * w)
        torch.testing.assert_close((y, grad, second), expected, rtol=1e-9, atol=1e-12)
    assert cube(_random(3).float()).dtype == torch.float32, "a float32 x gives another dtype"


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
    numbers = torch.tensor([-torch.inf, -9, -0.5, 0, 0.5, 9], dtype=torch.float64)
    x, v = numbers.clone().requires_grad_(), torch.tensor([1, 2, -3, 4, -5, 6]).double()
    y = relu(x)
    (grad,) = torch.autograd.grad(y, x, v)
    assert torch.equal(x, numbers), "x is overwritten"
    assert y.tolist() == [0, 0, 0, 0, 0.5, 9], f"the values at {numbers.tolist()} are {y.tolist()}"
    assert grad.tolist() == [0, 0, 0, 0, -5, 6], f"{v.tolist()} comes back as {grad.tolist()}"
    assert not y[:3].signbit().any(), "a negative x gives -0.0"
    assert relu(torch.tensor(torch.nan)).isnan(), "NaN does not stay NaN"


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
    for shape_x, shape_y in [((4, 1), (2, 1, 3)), ((), (2,)), ((1, 3), (1, 3))]:
        x, y = _random(*shape_x).requires_grad_(), _random(*shape_y).requires_grad_()
        product = x * y
        v = torch.randn_like(product)
        expected = torch.autograd.grad(product, (x, y), v)
        inputs = v, x.detach(), y.detach()
        before = [tensor.clone() for tensor in inputs]
        found = backward(*inputs)
        torch.testing.assert_close(found, expected, rtol=1e-9, atol=1e-12)
        assert all(map(torch.equal, inputs, before)), "an argument is overwritten"


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
    far_apart = torch.tensor([[1e4, 1e4 - 1, -torch.inf], [-1e4, 1 - 1e4, -1e4]]).double()
    for x, dim in [(_random(2, 3, 4), 0), (_random(2, 3, 4), -1), (far_apart, 1)]:
        x.requires_grad_()
        expected, y = torch.softmax(x, dim), softmax(x, dim)
        v = torch.randn_like(y)
        torch.testing.assert_close(y, expected, rtol=1e-9, atol=1e-12)
        found, due = (torch.autograd.grad(result, x, v) for result in (y, expected))
        torch.testing.assert_close(found, due, rtol=1e-9, atol=1e-12)


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
    for max_norm in (0.5, 99.0):
        grads = [_random(4, 3), _random()]
        params = [nn.Parameter(_random(*shape)) for shape in [(4, 3), (), (5,)]]
        for p, grad in zip(params, grads, strict=False):
            p.grad = grad
        before = torch.cat([grad.flatten() for grad in grads])
        found = clip(iter(params), max_norm)
        torch.testing.assert_close(found, before.norm())
        after = torch.cat([grad.flatten() for grad in grads])
        expected = before * min(1, max_norm / before.norm())
        torch.testing.assert_close(after, expected, rtol=1e-5, atol=0)
        kept = [p.grad is grad for p, grad in zip(params, [*grads, None], strict=True)]
        assert all(kept), "a .grad is another object"
    assert clip([params[2]], 1.0) == 0, "without gradients the norm is 0"


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
    model, reference = nn.Linear(3, 2).double().eval(), nn.Linear(3, 2).double()
    reference.load_state_dict(model.state_dict())
    for p in model.parameters():
        p.grad = torch.ones_like(p)
    optimizers = [torch.optim.SGD(m.parameters(), lr=0.1) for m in (model, reference)]
    batches, total = [(_random(n, 3), _random(n, 2)) for n in (4, 3, 1)], 0.0
    for x, y in batches:
        optimizers[1].zero_grad()
        loss = F.mse_loss(reference(x), y)
        loss.backward()
        optimizers[1].step()
        total += loss.item() * len(x)
    found = train_epoch(model, optimizers[0], F.mse_loss, iter(batches))
    assert isinstance(found, float), f"it returns {found!r}, no float"
    torch.testing.assert_close(found, total / 8, rtol=1e-9, atol=0)
    weights, due = list(model.parameters()), list(reference.parameters())
    torch.testing.assert_close(weights, due, rtol=1e-9, atol=1e-12)
    assert not model.training, "the model is in training mode"
    try:
        train_epoch(model, optimizers[0], F.mse_loss, [])
    except ValueError:
        return
    raise AssertionError("no ValueError without a batch")


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
    weight, x, v = _random(3, 4).requires_grad_(), _random(2, 3), _random(2, 3)
    calls: list[Tensor] = []
    visits: list[Tensor] = []

    def f(x: Tensor) -> Tensor:
        calls.append(x)
        inside = x @ weight
        inside.register_hook(visits.append)
        return inside.sin().prod()

    found = hvp(f, x, v)
    assert len(calls) == 1, f"f is called {len(calls)} times"
    assert len(visits) <= 3, f"{len(visits)} passes go backward through f"
    assert not found.requires_grad, "the result has a graph"
    assert not x.requires_grad, "x requires grad"
    assert weight.grad is None, "a weight of f has a .grad"
    for g in (f, lambda x: (x @ weight).sum(), lambda x: weight.sum().detach()):
        _, expected = torch.autograd.functional.hvp(g, x, v)
        torch.testing.assert_close(hvp(g, x, v), expected.detach(), rtol=1e-9, atol=1e-12)


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
    weight, v = _random(3, 4).requires_grad_(), _random(2, 4)
    runs: list[object] = []

    def fn(x: Tensor, factor: int, y: Tensor) -> Tensor:
        runs.append(factor)
        return torch.rand_like(v) * (x @ weight).sin() * y * factor

    for tracked in (True, False):
        x, y = _random(2, 3).requires_grad_(tracked), _random(2, 4).requires_grad_(tracked)
        leaves = (x, y, weight) if tracked else (weight,)
        state = torch.get_rng_state()
        expected = fn(x, 7, y)
        due = torch.autograd.grad(expected, leaves, v)
        torch.set_rng_state(state)
        runs.clear()
        weight.grad = None
        found = checkpoint(fn, x, 7, y)
        torch.testing.assert_close(found, expected, rtol=1e-9, atol=1e-12)
        torch.rand(1)
        state = torch.get_rng_state()
        assert len(runs) == 1, f"fn runs {len(runs)} times before backward"
        found.backward(v)
        assert torch.equal(torch.get_rng_state(), state), "backward moves the random state"
        assert runs == [7, 7], f"fn runs {len(runs)} times in all"
        assert isinstance(runs[0], int), "a number reaches fn as something else"
        torch.testing.assert_close(tuple(p.grad for p in leaves), due, rtol=1e-9, atol=1e-12)
