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
- Grad mode is on, and is on afterwards; the default dtype, too, is afterwards what it was. A
  candidate is called with grad mode on; inside the backward of a Function it is off.
- A check takes a tenth of a second at most: it is called some fifty times in ten seconds.
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
      result has the shape and the dtype of x, float32 or float64, and is computed in it; both
      gradients are, too.
    - It can be differentiated twice, for any incoming gradient: the gradient has a gradient for x
      and for that incoming one. At 0 too.
    - x keeps its values.

    Args:
        cube: the candidate.

    Raises:
        Exception: the candidate breaks a promise; the text says which.
    """
    for x in (_random(3, 4).T, _random(), 0 * _random(2)):
        before, v, w = x.clone(), torch.randn_like(x).requires_grad_(), torch.randn_like(x)
        x.requires_grad_()
        y = cube(x)
        assert torch.equal(x, before), "x is overwritten"
        (grad,) = torch.autograd.grad(y, x, v, create_graph=True)
        second = torch.autograd.grad(grad, (x, v), w)
        expected = (before**3, 3 * before**2 * v, 6 * before * v * w, 3 * before**2 * w)
        torch.testing.assert_close((y, grad, *second), expected, rtol=1e-9, atol=1e-12)
    assert cube(_random(3).float()).dtype == torch.float32, "a float32 x gives another dtype"


def check_relu(relu: Callable[[Tensor], Tensor]) -> None:
    """Check a rectifier.

    `relu(x)` promises:

    - The value is max(x, 0), for x of any shape, 0-d too, and of any layout, not contiguous too:
      NaN stays NaN, −inf gives 0, and a negative x gives 0.0, not −0.0. The result has the shape
      and the dtype of x, float32 or float64, and is computed in it; the gradient is, too.
    - It can be differentiated once, for any incoming gradient. The slope is 1 where x > 0, however
      small, and 0 where x ≤ 0, at 0 too.
    - x keeps its values.

    Not promised: the sign of relu(−0.0), the gradient where x is NaN, the sign of a gradient of 0.

    Args:
        relu: the candidate.

    Raises:
        Exception: the candidate breaks a promise; the text says which.
    """
    numbers = torch.tensor([[-torch.inf, -9, -0.1], [0, 1e-9, 9]], dtype=torch.float64).T
    v = torch.tensor([[1, 4], [2, -5.1], [-3, 6]], dtype=torch.float64)
    x = numbers.clone().requires_grad_()
    y = relu(x)
    (grad,) = torch.autograd.grad(y, x, v)
    assert torch.equal(x, numbers), "x is overwritten"
    assert torch.equal(y, numbers.clamp(min=0)), f"the values at {numbers} are {y}"
    assert torch.equal(grad, v * (numbers > 0)), f"{v} comes back as {grad}"
    assert not y[:, 0].signbit().any(), "a negative x gives -0.0"
    nan = torch.tensor(torch.nan)
    torch.testing.assert_close(relu(nan), nan, equal_nan=True)


def check_mul_backward(
    backward: Callable[[Tensor, Tensor, Tensor], tuple[Tensor, Tensor]],
) -> None:
    """Check the backward of a product with broadcasting.

    `backward(grad_output, x, y)` promises:

    - It returns a tuple of two gradients, for x and for y, of the product x * y whose incoming
      gradient is grad_output, of the product's shape.
    - Each of the operands may be broadcast, along any axes, and may be 0-d. Each gradient has the
      shape of its operand.
    - All arguments have one dtype, float32 or float64; the gradients have it too, and are computed
      in it.
    - grad_output, x and y do not require grad, nor do they afterwards, and they keep their values.

    Args:
        backward: the candidate.

    Raises:
        Exception: the candidate breaks a promise; the text says which.
    """
    for x, y in [
        (_random(4, 1), _random(5, 2, 1, 3)),
        (_random().float(), _random(2).float()),
        (_random(1, 3, 2).mT, _random(1, 3, 2).mT),
    ]:
        product = x.requires_grad_() * y.requires_grad_()
        v = torch.randn_like(product)
        expected = torch.autograd.grad(product, (x, y), v)
        inputs = v, x.detach(), y.detach()
        before = [tensor.clone() for tensor in inputs]
        found = backward(*inputs)
        assert isinstance(found, tuple), "it returns no tuple"
        tolerances = {"rtol": 1e-9, "atol": 1e-12} if x.dtype == torch.float64 else {}
        torch.testing.assert_close(found, expected, **tolerances)  # type: ignore[arg-type]
        assert all(map(torch.equal, inputs, before)), "an argument is overwritten"
        assert not any(tensor.requires_grad for tensor in inputs), "an argument requires grad"


def check_softmax(softmax: Callable[[Tensor, int], Tensor]) -> None:
    """Check a softmax.

    `softmax(x, dim)` promises:

    - It is exp(x) / Σ exp(x), with the sum along the axis dim, for x with one axis or more, of any
      layout; dim may be negative. The result has the shape and the dtype of x, float32 or float64,
      and is computed in it; the gradient is, too.
    - It can be differentiated once, for any incoming gradient.
    - Logits may be as large as ±1e4, also in rows that lie as far apart; in float32 all is right
      to an absolute 1e-3 there, if incoming gradients are of about 1. A logit of −inf gives 0; not
      all along dim are.
    - x keeps its values.

    Args:
        softmax: the candidate.

    Raises:
        Exception: the candidate breaks a promise; the text says which.
    """
    far_apart = torch.tensor([[1e4, 1e4 - 1, -torch.inf], [-1e4, 1 - 1e4, -1e4]]).double()
    for x, dim in [(_random(2, 4, 3).mT, 0), (_random(2, 3, 4), -1), (far_apart, 1)]:
        before = x.clone()
        x.requires_grad_()
        y = softmax(x, dim)
        assert torch.equal(x, before), "x is overwritten"
        expected, v = torch.softmax(x, dim), torch.randn_like(x)
        torch.testing.assert_close(y, expected, rtol=1e-9, atol=1e-12)
        found, due = (torch.autograd.grad(result, x, v) for result in (y, expected))
        torch.testing.assert_close(found, due, rtol=1e-9, atol=1e-12)
    assert softmax(x.float(), 1).dtype == torch.float32, "a float32 x gives another dtype"


def check_clip_grad_norm_(clip: Callable[[Iterable[Tensor], float], Tensor]) -> None:
    """Check a clipping of gradients by their norm.

    `clip(params, max_norm)` promises:

    - It returns a 0-d tensor of the gradients' dtype, the 2-norm of all of them taken together as
      one vector, as it was before clipping, and computed in that dtype; 0, 0-d too but of any
      dtype, if no parameter has a gradient.
    - Where that norm is larger than max_norm, which is positive, it scales all gradients by one
      factor, so that the norm becomes max_norm; within a relative 1e-5 at norms of 1 or more, for
      torch divides by the norm + 1e-6. Where it is smaller, gradients keep their values, also where
      all are 0.
    - A `.grad` stays the same object, and one that is None stays None.

    params is any iterable of leaves, a generator too, none of them twice; their gradients have one
    dtype, float32 or float64, and their norm is not max_norm itself.

    Args:
        clip: the candidate.

    Raises:
        Exception: the candidate breaks a promise; the text says which.
    """
    for size, max_norm, dtype in (
        (1, 0.5, torch.float64),
        (1, 99.0, torch.float64),
        (0, 0.5, torch.float32),
    ):
        grads = [(size * _random(*shape)).to(dtype) for shape in [(4, 3), ()]]
        params = [nn.Parameter(_random(*shape).to(dtype)) for shape in [(4, 3), (), (5,)]]
        for p, grad in zip(params, grads, strict=False):
            p.grad = grad
        before = torch.cat([grad.flatten() for grad in grads])
        found = clip(iter(params), max_norm)
        torch.testing.assert_close(found, before.norm(), rtol=1e-9, atol=0)
        after = torch.cat([grad.flatten() for grad in grads])
        factor = min(1, max_norm / max(before.norm(), 1e-9))
        rtol = 1e-5 if factor < 1 else 0
        torch.testing.assert_close(after, before * factor, rtol=rtol, atol=0)
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
    - The model runs once for each batch, in the mode, train or eval, in which it is, and stays in
      it.
    - `ValueError` is raised if there is no batch, be they a list or a generator.

    batches is any iterable, a generator too, of pairs (x, y), whose first axes run over the same
    one or more samples. `loss_fn(model(x), y)` is a 0-d tensor, the mean over the samples; the
    optimizer is one of torch.optim that holds all parameters of the model, and whose `step` needs
    no closure. All parts of the model are in one mode.
    Not promised: what `.grad` holds afterwards, and that `zero_grad` is called, or how often.

    Args:
        train_epoch: the candidate.

    Raises:
        Exception: the candidate breaks a promise; the text says which.
    """

    def loss_fn(found: Tensor, due: Tensor) -> Tensor:
        return F.mse_loss(found, 2 * due)

    for training in (True, False):
        model, reference = nn.Linear(3, 2).double().train(training), nn.Linear(3, 2).double()
        reference.load_state_dict(model.state_dict())
        for p in model.parameters():
            p.grad = torch.ones_like(p)
        optimizers = [torch.optim.SGD(m.parameters(), lr=0.1) for m in (model, reference)]
        batches, total = [(_random(n, 3), _random(n, 2)) for n in (4, 3, 1)], 0.0
        for x, y in batches:
            optimizers[1].zero_grad()
            loss = loss_fn(reference(x), y)
            loss.backward()
            optimizers[1].step()
            total += loss.item() * len(x)
        modes: list[bool] = []
        model.register_forward_hook(lambda m, *_, modes=modes: modes.append(m.training))
        found = train_epoch(model, optimizers[0], loss_fn, iter(batches))
        assert modes == [training] * 3, f"training is {training}, the model runs with {modes}"
        assert model.training == training, "the model is left in another mode"
        assert isinstance(found, float), f"it returns {found!r}, no float"
        torch.testing.assert_close(found, total / 8, rtol=1e-9, atol=0)
        weights, due = list(model.parameters()), list(reference.parameters())
        torch.testing.assert_close(weights, due, rtol=1e-9, atol=1e-12)
    try:
        train_epoch(model, optimizers[0], loss_fn, iter([]))
    except ValueError:
        return
    raise AssertionError("no ValueError without a batch")


def check_hvp(hvp: Callable[[Callable[[Tensor], Tensor], Tensor, Tensor], Tensor]) -> None:
    """Check a product of the Hessian with a vector.

    `hvp(f, x, v)` promises:

    - It is H·v, where H holds the second derivatives of f at x; f returns a 0-d tensor, and can be
      differentiated twice. x and v have one shape, which may be 0-d, and one dtype; both are the
      result's, and it is computed in it. Zeros where f is linear in x, and where f does without x,
      be it that a graph of what f closes over is there or none.
    - The result has no graph attached.
    - x, v and what f closes over stay as they are: values, `requires_grad` and `.grad`. x and v do
      not require grad; what f closes over may.
    - f is called once, and the number of passes backward through it does not grow with x: a hook on
      a tensor inside f runs three times at most.

    Not promised: that what f gets is x itself, or an ordinary tensor; it may run under torch.func,
    so f uses nothing that torch.func cannot take, such as a Function without setup_context.

    Args:
        hvp: the candidate.

    Raises:
        Exception: the candidate breaks a promise; the text says which.
    """
    weight, x, v = _random(3, 4).requires_grad_(), _random(3, 2).T, _random(3, 2).T
    calls: list[Tensor] = []
    visits: list[Tensor] = []

    def f(x: Tensor) -> Tensor:
        calls.append(x)
        inside = x @ weight
        inside.register_hook(visits.append)
        return inside.sin().prod()

    kept = [x.clone(), v.clone()]
    for tensor in (x, v, weight):
        tensor.grad = torch.ones_like(tensor)
    found = hvp(f, x, v)
    assert len(calls) == 1, f"f is called {len(calls)} times"
    assert len(visits) <= 3, f"{len(visits)} passes go backward through f"
    assert not found.requires_grad, "the result has a graph"
    assert all(map(torch.equal, (x, v), kept)), "x or v is overwritten"
    assert not x.requires_grad, "x requires grad"
    for tensor in (x, v, weight):
        torch.testing.assert_close(tensor.grad, torch.ones_like(tensor))
    linear = [lambda x: (x @ weight).sum(), lambda x: x.sum()]
    for g in (f, *linear, lambda x: weight.sum(), lambda x: weight.sum().detach()):
        _, expected = torch.autograd.functional.hvp(g, x, v)
        torch.testing.assert_close(hvp(g, x, v), expected.detach(), rtol=1e-9, atol=1e-12)
    number = _random().float()
    torch.testing.assert_close(hvp(torch.sin, number, number), -number.sin() * number)


def check_checkpoint(checkpoint: Callable[..., Tensor]) -> None:
    """Check a checkpoint, which runs a function again in backward.

    `checkpoint(fn, *args)` promises:

    - It is fn(*args), one tensor, to be used with one `.backward()`. fn runs once, and once more
      in backward, with the same random numbers of torch. Other checkpoints may run in between.
    - Gradients reach the args, and also tensors that fn closes over, for any incoming gradient; be
      it that some args require grad, the first or another, or that none does and only what fn
      closes over.
    - args may be anything, tensors of integers too, and what is no tensor reaches fn as it is, the
      same object in both runs.
    - It leaves torch's random state as fn(*args) does, and backward as it is just before it.

    fn takes at least one tensor, needs values of forward in its backward, and writes into nothing.
    Tensors among the args are no part of a list or another object.
    Not promised: what it keeps, that grad mode is on where fn runs first, and that a tensor reaches
    it as the same object.

    Args:
        checkpoint: the candidate.

    Raises:
        Exception: the candidate breaks a promise; the text says which.
    """
    weight, v = _random(3, 4).requires_grad_(), _random(2, 4)
    scale, rows, runs = [7], torch.tensor([1, 0]), list[tuple[object, object]]()

    def fn(x: Tensor, scale: list[int], y: Tensor, rows: Tensor, power: int) -> Tensor:
        runs.append((scale, power))
        return torch.rand_like(v) * (x @ weight).sin()[rows] * y**power * scale[0]

    for tracked in ((True, True), (False, True), (False, False)):
        x, y = (_random(2, n).requires_grad_(t) for n, t in zip((3, 4), tracked, strict=True))
        leaves = [leaf for leaf in (x, y, weight) if leaf.requires_grad]
        state = torch.get_rng_state()
        expected = fn(x, scale, y, rows, 3)
        due = torch.autograd.grad(expected, leaves, v)
        after = torch.get_rng_state()
        torch.set_rng_state(state)
        runs.clear()
        weight.grad = None
        found = checkpoint(fn, x, scale, y, rows, 3)
        checkpoint(torch.exp, y)  # whose backward never comes
        assert torch.equal(torch.get_rng_state(), after), "forward leaves another random state"
        torch.testing.assert_close(found, expected, rtol=1e-9, atol=1e-12)
        assert len(runs) == 1, f"fn runs {len(runs)} times before backward"
        torch.rand(1)
        state = torch.get_rng_state()
        found.backward(v)
        assert torch.equal(torch.get_rng_state(), state), "backward moves the random state"
        assert len(runs) == 2, f"fn runs {len(runs)} times in all"
        assert all(of_run is scale for of_run, _ in runs), "a list reaches fn as another object"
        assert isinstance(runs[0][1], int), "a number reaches fn as something else"
        torch.testing.assert_close([p.grad for p in leaves], list(due), rtol=1e-9, atol=1e-12)
