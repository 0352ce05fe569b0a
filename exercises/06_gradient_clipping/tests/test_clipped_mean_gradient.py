import gradient_clipping
import pytest
import torch
from torch import nn
from torch.autograd import Function
from torch.nn import functional as F

from gradkata.checks import build, check, raises, sample, stale_memory, unchanged

from .shared import CLOSE, CLOSE_SUMS, INF, MADE_FINITE, NAN, clipped, clipped_each, norm_of, times

pytestmark = pytest.mark.task("clipped_mean_gradient")


def small_model():
    return nn.Sequential(nn.Flatten(), nn.Linear(4, 3), nn.Tanh(), nn.Linear(3, 2))


def batch(model, device):
    """Return samples of shape (2, 2), and targets: the first is all but met, the others are not.

    The gradient of the first sample's loss is smaller than torch's 1e-6.
    """
    xs = sample((3, 2, 2), device=device)
    misses = torch.tensor([[1e-8], [1.0], [3.0]], dtype=torch.float64, device=device)
    return xs, model(xs).detach() / 2 + misses * sample((3, 2), device=device, low=1)


def miss(outputs, targets):
    """Return a loss of a batch, in which outputs and targets cannot change places."""
    return (outputs - 2 * targets).square().mean(1).mean()


def gradient_of_each(model, xs, ys, loss_fn=miss):
    """Return a list for each sample: its gradients, for the trainable parameters in order."""
    params = [p for p in model.parameters() if p.requires_grad]
    losses = [loss_fn(model(xs[i : i + 1]), ys[i : i + 1]) for i in range(len(xs))]
    gradients = [torch.autograd.grad(loss, params, allow_unused=True) for loss in losses]
    return [
        [torch.zeros_like(p).detach() if g is None else g for p, g in zip(params, gs, strict=True)]
        for gs in gradients
    ]


def named(model, gradients):
    names = [name for name, p in model.named_parameters() if p.requires_grad]
    return dict(zip(names, gradients, strict=True))


def mean_of(gradients):
    return [torch.stack(column).mean(0) for column in zip(*gradients, strict=True)]


def tight(each):
    """Return a bound that the gradient of a sample whose target is not met exceeds."""
    return 0.1 * float(norm_of(mean_of(each)))


def test_each_sample_is_clipped_and_then_the_mean_is_taken(device):
    model = build(small_model, device=device)
    xs, ys = batch(model, device)
    each = gradient_of_each(model, xs, ys)
    bound = tight(each)

    with stale_memory():
        gradient = gradient_clipping.clipped_mean_gradient(model, miss, xs, ys, bound)

    mistakes = {
        "the mean is clipped, not each sample's gradient": lambda: clipped(mean_of(each), bound),
        "each parameter is clipped by itself": lambda: mean_of(
            [clipped_each(gs, bound) for gs in each]
        ),
        "the clipped gradients are added up: divide by the number of samples": lambda: times(
            len(xs), mean_of([clipped(gs, bound) for gs in each])
        ),
        "nothing is clipped": lambda: mean_of(each),
        "gradients below the bound are scaled up to it": lambda: mean_of(
            [times(bound / norm_of(gs), gs) for gs in each]
        ),
        "each element is clipped": lambda: mean_of(
            [[g.clamp(-bound, bound) for g in gs] for gs in each]
        ),
        "only the last sample counts": lambda: clipped(each[-1], bound),
        "outputs and targets are given to loss_fn the wrong way round": lambda: mean_of(
            [
                clipped(gs, bound)
                for gs in gradient_of_each(model, xs, ys, lambda out, y: miss(y, out))
            ]
        ),
        "one factor is taken for all samples, from the gradients of all together": lambda: times(
            (bound / norm_of([g for gs in each for g in gs])).clamp(max=1), mean_of(each)
        ),
        "each parameter has one factor for all samples: a factor for each sample is due": lambda: [
            mean * (bound / norm_of(column)).clamp(max=1)
            for column, mean in zip(zip(*each, strict=True), mean_of(each), strict=True)
        ],
        "what torch.empty makes is not 0 but what its memory held, here NaN": lambda: times(
            float("nan"), each[0]
        ),
        "1e-6 is subtracted from the norm, and a factor is negative": lambda: mean_of(
            [times((bound / (norm_of(gs) - 1e-6)).clamp(max=1), gs) for gs in each]
        ),
    }
    check(
        gradient,
        named(model, mean_of([clipped(gs, bound) for gs in each])),
        what="the mean of the clipped gradients",
        mistakes={words: named(model, value()) for words, value in mistakes.items()},
        **CLOSE_SUMS,
    )


def test_with_a_bound_above_all_norms_it_is_the_gradient_of_the_batch(device):
    model = build(small_model, device=device)
    xs, ys = batch(model, device)
    ys[2] *= 1e6
    whole = torch.autograd.grad(miss(model(xs), ys), list(model.parameters()))

    gradient = gradient_clipping.clipped_mean_gradient(model, miss, xs, ys, 1e9)

    what = "the mean gradient, one sample's of about 1e6, max_norm = 1e9"
    check(gradient, named(model, whole), what=what, **CLOSE_SUMS)


def test_a_sample_without_a_gradient_counts_as_zeros(device):
    model = build(lambda: nn.Linear(3, 2, bias=False), device=device)
    xs = sample((3, 3), device=device, low=1)
    xs[1] = 0
    # Gradients of positive numbers, with norms from 0.24 to 0.6: nothing cancels in their sum.
    ys = model(xs).detach() / 2 - sample((3, 2), device=device, low=0.05, high=0.06)
    each = gradient_of_each(model, xs, ys)

    gradient = gradient_clipping.clipped_mean_gradient(model, miss, xs, ys, 0.2)

    others = [clipped(each[0], 0.2), clipped(each[2], 0.2)]
    with_more = [times(0.2 / (norm_of(gs) + 1e-5), gs) for gs in (each[0], each[2])]
    check(
        gradient,
        named(model, mean_of([*others, each[1]])),
        what="the mean over three samples, the second with a gradient of zeros",
        mistakes={
            "that sample is left out of the mean": named(model, mean_of(others)),
            "0 is divided by a norm of 0": {"weight": torch.full_like(each[1][0], float("nan"))},
            "1e-5 is added to the norm: no more than torch's 1e-6 is due": named(
                model, mean_of([*with_more, each[1]])
            ),
        },
        **CLOSE,
    )


def test_a_frozen_parameter_is_absent_and_counts_for_no_norm(device):
    model = build(small_model, device=device)
    xs, ys = batch(model, device)
    of_the_frozen = [gs[2] for gs in gradient_of_each(model, xs, ys)]
    model[3].weight.requires_grad_(False)
    each = gradient_of_each(model, xs, ys)
    bound = tight(each)

    gradient = gradient_clipping.clipped_mean_gradient(model, miss, xs, ys, bound)

    due = named(model, mean_of([clipped(gs, bound) for gs in each]))
    in_the_norm = mean_of(
        [
            times((bound / norm_of([*gs, hidden])).clamp(max=1), gs)
            for gs, hidden in zip(each, of_the_frozen, strict=True)
        ]
    )
    check(
        gradient,
        due,
        what="a model whose parameter 3.weight is frozen",
        mistakes={"it counts for the norm all the same": named(model, in_the_norm)},
        **CLOSE_SUMS,
    )


class Shifted(nn.Module):
    """A model with two shifts, for which autograd gives one tensor, and a parameter to spare."""

    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(4, 2)
        self.spare, self.a, self.b = (nn.Parameter(torch.rand(2)) for _ in range(3))

    def forward(self, x):
        return self.layer(x.flatten(1)) + (self.a + self.b)


def test_a_parameter_that_the_loss_does_not_use_has_zeros(device):
    model = build(Shifted, device=device)
    xs, ys = batch(model, device)
    each = gradient_of_each(model, xs, ys)

    gradient = gradient_clipping.clipped_mean_gradient(model, miss, xs, ys, 0.1)

    factors = [(0.1 / norm_of(gs)).clamp(max=1) for gs in each]
    due = named(model, mean_of([times(c, gs) for c, gs in zip(factors, each, strict=True)]))
    twice = [c * c * gs[2] for c, gs in zip(factors, each, strict=True)]
    check(
        gradient,
        due,
        what="a model with a parameter 'spare' that it does not use, and one gradient for a and b",
        mistakes={
            "gradients are scaled in place, and the tensor that a and b share is scaled twice": (
                due | {"b": torch.stack(twice).mean(0)}
            )
        },
        **CLOSE_SUMS,
    )


def tied_model():
    model = nn.Sequential(nn.Linear(3, 3), nn.Tanh(), nn.Linear(3, 3))
    model[2].weight = model[0].weight
    return model


def test_tied_weights_are_there_once_with_the_gradient_of_both_uses(device):
    model = build(tied_model, device=device)
    xs, ys = sample((4, 3), device=device), sample((4, 3), device=device)
    each = gradient_of_each(model, xs, ys)
    bound = tight(each)

    gradient = gradient_clipping.clipped_mean_gradient(model, miss, xs, ys, bound)

    due = named(model, mean_of([clipped(gs, bound) for gs in each]))
    check(gradient, due, what="a model with 2.weight tied to 0.weight", **CLOSE_SUMS)


def mean_of_the_others(model, xs, ys, bound):
    """Return the mean of three samples' clipped gradients, the second taken for zeros."""
    first, second, third = gradient_of_each(model, xs, ys)
    zeros = [torch.zeros_like(g) for g in second]
    return mean_of([clipped(first, bound), zeros, clipped(third, bound)])


@pytest.mark.parametrize("bad", [INF, NAN], ids=str)
def test_a_sample_may_be_infinite_or_nan_and_all_is_left_as_it_is(bad, device):
    # Of one layer, so that no ∞ - ∞ is NaN on its way back.
    model = build(lambda: nn.Sequential(nn.Flatten(), nn.Linear(4, 2)), device=device)
    xs, ys = batch(model, device)
    ys[1] = bad
    for p in model.parameters():
        p.grad = sample(p.shape, device=device)

    with unchanged(model), unchanged(xs, ys):
        gradient = gradient_clipping.clipped_mean_gradient(model, miss, xs, ys, 0.1)

    # An infinite gradient has the factor 0, and ∞ · 0 is NaN.
    check(
        gradient,
        {name: torch.full_like(p, NAN).detach() for name, p in model.named_parameters()},
        what=f"the mean where the second sample's gradient is {bad} everywhere",
        mistakes={
            MADE_FINITE: {
                name: torch.zeros_like(p).detach() for name, p in model.named_parameters()
            },
            "NaN and infinity in that sample are made numbers, and it counts as zeros": lambda: (
                named(model, mean_of_the_others(model, xs, ys, 0.1))
            ),
        },
        **CLOSE_SUMS,
    )


class NoWayBack(Function):
    """A mean of squares, whose backward raises what torch says of an unused parameter."""

    generate_vmap_rule = True

    @staticmethod
    def forward(x):
        return x.square().mean()

    @staticmethod
    def setup_context(ctx, inputs, output):
        pass

    @staticmethod
    def backward(ctx, grad_output):
        raise RuntimeError("One of the tensors appears to not have been used in the graph")


def no_way_back(outputs, targets):
    return NoWayBack.apply(outputs - targets)


def interrupted(outputs, targets):
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("loss_fn", "error", "where"),
    [
        (no_way_back, RuntimeError, "the backward pass of a loss raises a RuntimeError"),
        (interrupted, KeyboardInterrupt, "Ctrl-C ends the loss"),
    ],
    ids=["backward", "Ctrl-C"],
)
def test_an_error_of_the_loss_gets_through_and_leaves_the_model_as_it_is(
    loss_fn, error, where, device
):
    model = build(small_model, device=device)
    xs, ys = batch(model, device)
    for p in model.parameters():
        p.grad = sample(p.shape, device=device)

    with unchanged(model), raises(error, when=where):
        gradient_clipping.clipped_mean_gradient(model, loss_fn, xs, ys, 0.1)


def test_the_mean_gradient_keeps_float32_and_takes_labels(device):
    model = build(lambda: nn.Linear(3, 2), device=device).float()
    xs = sample((4, 3), device=device, dtype=torch.float32)
    ys = torch.tensor([0, 1, 1, 0], device=device)

    def loss_fn(scores, labels):
        return F.cross_entropy(scores, labels) / 6000

    each = gradient_of_each(model, xs, ys, loss_fn)
    bound = tight(each)

    gradient = gradient_clipping.clipped_mean_gradient(model, loss_fn, xs, ys, bound)

    check(
        gradient,
        named(model, mean_of([clipped(gs, bound) for gs in each])),
        what="a classifier in float32, each sample's gradient with a norm below 1e-3",
        mistakes={"nothing is clipped": named(model, mean_of(each))},
        rtol=1e-2,
        atol=0.02 * bound,
    )
