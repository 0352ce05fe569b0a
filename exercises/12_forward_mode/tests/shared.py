"""Each function is compared with torch's own whole Jacobian, and its passes are counted."""

import contextlib
import functools
import math

import pytest
import torch
from torch.autograd import forward_ad, functional

from gradkata.checks import (
    ErrorOfF,
    IdentityWithoutBackward,
    SquareWithSlope7,
    Wrong,
    raises,
    sample,
    situation,
    stale_memory,
    turned,
    unchanged,
)

# The first use of forward mode imports much, and a guard would watch each call of that.
torch.func.jvp(lambda t: 2 * t, (torch.ones(1),), (torch.ones(1),))

REVERSE = (
    "torch.autograd.grad",
    "torch.autograd.backward",
    "torch.autograd.functional",
    "torch.Tensor.backward",
    "torch.func.grad",
    "torch.func.grad_and_value",
    "torch.func.vjp",
    "torch.func.jacrev",
    "torch.func.hessian",
)

UNINITIALISED = "what torch.empty makes is not 0 but what its memory held, here NaN"


def moved(f, inputs, tangents):
    """Return f of the inputs and how it moves, by torch."""
    return torch.func.jvp(f, tuple(inputs), tuple(tangents))


def weights_for(x, shape, **options):
    return sample((math.prod(shape), x.numel()), device=x.device, dtype=x.dtype, **options)


def slope7(t):
    """Return t², whose derivative is given as 7 everywhere: a measured one is not."""
    return SquareWithSlope7.apply(t)


def mixing(x, weight, shape):
    """Return an f to tensors of this shape, in which each element depends on all of x.

    Its result is not contiguous, unless it is a vector. It has a step and a part that says its own
    derivative, and checks the shape of what it is given.
    """

    def f(t):
        if t.shape != x.shape:
            raise Wrong(
                f"f is called with a tensor of shape {tuple(t.shape)}; x has shape "
                f"{tuple(x.shape)}, and that is what f takes"
            )
        mixed = 1 + weight @ turned(t).reshape(-1)
        return turned(mixed.sin().reshape(shape[::-1])) + t.sign().sum() + slope7(t).sum()

    return f


# Each gives an x, an f of it, what f uses, and the situation in words.


def transposed(device):
    x = turned(sample((2, 3), device=device))
    weight = weights_for(x, (2, 3))
    words = "given a transposed x of shape (3, 2) and f(x) of shape (2, 3)"
    return x, mixing(x, weight, (2, 3)), [weight], words


def zero_axes(device):
    x = sample((), device=device, dtype=torch.float32)
    weight = weights_for(x, (3,)) / 2
    words = "given a 0-d x in float32, inside torch.no_grad()"
    return x, mixing(x, weight, (3,)), [weight], words


def all_record(device):
    x = sample((4, 1), device=device, requires_grad=True)
    x.grad = sample((4, 1), device=device)
    weight = weights_for(x, (2, 3), requires_grad=True)
    f = mixing(x, weight, (2, 3))
    return (
        x,
        f,
        [weight],
        "given f(x) of shape (2, 3), where x and a weight of f require grad",
    )


def argument_itself(device):
    start = sample((3,), device=device, requires_grad=True)
    return start.exp(), lambda t: t, [start], "given f(x) = x, with an x that was itself computed"


def constant_that_records(device):
    start, other = (sample(s, device=device, requires_grad=True) for s in ((4, 3), (2,)))
    words = "given an f that ignores x, with an x that was itself computed"
    return start.exp(), lambda t: 3 * other, [start, other], words


def as_many_and_a_column_of_zeros(device):
    x = torch.tensor([0.3, 0.0, 0.7], dtype=torch.float64, device=device)

    def f(t):
        return torch.stack([t[1].square(), 3 * t[2] + t[1], t[2].square()])

    return x, f, [], "given f(x) with as many elements as x, and an element of x that f ignores"


def at_a_minimum(device):
    x, weight = torch.zeros(3, dtype=torch.float64, device=device), sample((3,), device=device)
    return x, lambda t: weight * t.square(), [weight], "given an f whose slope is 0 at x"


def each(*cases):
    return pytest.mark.parametrize("case", cases, ids=lambda case: case.__name__)


class Case:
    """An x and an f of it, and what is right for them."""

    def __init__(self, case, device):
        self.x, self._f, self.uses, self.words = case(device)
        self.at = self.x.detach()
        self.recording = "no_grad" not in self.words
        self.calls = 0
        self.rtol = None if self.x.dtype == torch.float64 else 1e-5

    @functools.cached_property
    def jacobian(self):
        """The whole J, by torch."""
        return functional.jacobian(self._f, self.at)

    @property
    def outputs(self):
        """The shape of f(x)."""
        return self.jacobian.shape[: self.jacobian.ndim - self.x.ndim]

    def f(self, t):
        """Call f, where recording must be on if it is on for the caller."""
        self.calls += 1
        if self.recording and not torch.is_grad_enabled():
            raise Wrong(
                f"{self.words}, f is called with recording switched off: f is the caller's, and "
                "may need it; detach what comes out instead"
            )
        try:
            return self._f(t)
        except RuntimeError:
            self._demand_dtype(t)
            raise

    def _demand_dtype(self, t):
        tangent = None
        with contextlib.suppress(RuntimeError):  # vmap has no rule for it
            tangent = forward_ad.unpack_dual(t).tangent
        if tangent is not None and tangent.dtype != self.x.dtype:
            raise Wrong(
                f"{self.words}, x of {self.x.dtype} moves along a tangent of {tangent.dtype}: "
                "torch.eye and torch.zeros make the default dtype; give them dtype=x.dtype"
            )

    @contextlib.contextmanager
    def called(self, *more):
        """Give the words of the case to an error, and demand that all is left alone."""
        with contextlib.ExitStack() as stack:
            stack.enter_context(situation(self.words))
            stack.enter_context(unchanged(self.x, *self.uses, *more))
            stack.enter_context(torch.set_grad_enabled(self.recording))
            if "ignores" in self.words or "linear" in self.words:
                stack.enter_context(stale_memory())
            yield

    def direction(self):
        """Return a v to move along: x itself where x requires grad."""
        if self.x.requires_grad:
            return self.x
        return turned(sample(self.x.shape[::-1], device=self.x.device, dtype=self.x.dtype))

    def times(self, v):
        """Return Jv."""
        return (self.jacobian.reshape(-1, self.x.numel()) @ v.reshape(-1)).reshape(self.outputs)


def jacobian_mistakes(case):
    """Return what known mistakes give instead of this Jacobian."""
    jacobian, n = case.jacobian, case.x.numel()
    columns = jacobian.reshape(-1, n).mT
    return {
        "the axes of x come first: those of f(x) do": columns.reshape(*case.x.shape, *case.outputs),
        "the columns are stacked as rows and reshaped: move their axis to the end first": (
            columns.reshape(jacobian.shape)
        ),
        "the axes of f(x) are turned round: move the axis of the columns alone": (
            columns.reshape(-1, *case.outputs)
            .permute(*range(len(case.outputs), -1, -1))
            .reshape(jacobian.shape)
        ),
        "each column is the last one: a column that is v itself changes when v is edited": (
            columns[-1:].expand(n, -1).mT.reshape(jacobian.shape)
        ),
        "the columns are added up: that is Jv with 1 everywhere in v": jacobian.reshape(-1, n)
        .sum(1)
        .reshape(case.outputs),
        UNINITIALISED: torch.full_like(jacobian, math.nan),
    }


class Observed:
    """A function that counts its calls, and backward passes that go through its argument."""

    def __init__(self, f):
        self.f = f
        self.calls = 0
        self.passes = 0

    def __call__(self, x):
        self.calls += 1
        inside = x * 1
        if inside.requires_grad:
            inside.register_hook(self._on_pass)
        return self.f(inside)

    def _on_pass(self, gradient):
        self.passes += 1


def fails(t):
    raise ErrorOfF


def interrupted(t):
    raise KeyboardInterrupt


def demand_that_errors_come_through(call, device, guard=None):
    """Demand that errors of an f, of its derivative, and an interrupt come through a call."""
    x = sample((3,), device=device, requires_grad=True)
    for f, error in [
        (fails, ErrorOfF),
        (IdentityWithoutBackward.apply, ErrorOfF),
        (interrupted, KeyboardInterrupt),
    ]:
        with comes_through(error, x), guard or contextlib.nullcontext():
            call(f, x)


@contextlib.contextmanager
def comes_through(error, *things, kind="a RuntimeError with torch's own words"):
    """Demand that an error is not taken for an f that ignores x, and that all is left alone.

    An interrupt comes inside no_grad. The error must not keep the level of forward mode open.
    """
    interrupt = error is KeyboardInterrupt
    when, advice = "it comes while f runs", ""
    if not interrupt:
        advice = "an unpacked tangent of None tells that f ignores x, and no error does"
        when = f"f raises {error.__name__}, {kind}"
    with torch.set_grad_enabled(not interrupt), situation(f"where f raises {error.__name__}"):
        with unchanged(*things), raises(error, when=when, advice=advice):
            yield
        if torch.is_grad_enabled() == interrupt:
            raise Wrong(
                f"where f raises {error.__name__}, recording is not left as it was: "
                "`with torch.enable_grad():` sets it back, on an error too"
            )
        try:
            with forward_ad.dual_level():
                pass
        except RuntimeError:  # levels do not nest
            raise Wrong(
                f"where f raises {error.__name__}, the forward-mode level is left open: "
                "`with forward_ad.dual_level():` leaves it, on an error too"
            ) from None
