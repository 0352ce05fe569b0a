import large_models
import pytest
import torch
from torch import nn

from gradkata.checks import (
    build,
    check,
    grads,
    inside_no_grad,
    sample,
    situation,
    stale_memory,
    tracked_copies,
    turned,
    unchanged,
)

from .shared import UNINITIALISED, Memory, watched_backward

pytestmark = pytest.mark.task("LowRankLinear")

# More than the layer has rows or columns.
RANK, ALPHA = 6, 15.0
SCALE = ALPHA / RANK


def generator(seed=7):
    return torch.Generator().manual_seed(seed)


def adapted(linear, rank=RANK, alpha=ALPHA, seed=7):
    return large_models.LowRankLinear(linear, rank, alpha, generator=generator(seed))


def base(device, inside=5, outside=4, *, bias=True, dtype=torch.float64):
    return build(lambda: nn.Linear(inside, outside, bias=bias), device=device).to(dtype)


def changed(layer, device):
    """Give `up` values, as training would."""
    with torch.no_grad():
        layer.up.copy_(sample(layer.up.shape, device=device, dtype=layer.up.dtype))
    return layer


def parts_of(layer):
    return [t.detach() for t in (layer.down, layer.up)]


def test_low_rank_linear_changes_nothing_at_first(device):
    linear, x = base(device), sample((6, 5), device=device)
    due = linear(x).detach()

    with stale_memory():
        layer = adapted(linear)

    check(tuple(layer.down.shape), (RANK, 5), what="the shape of down")
    check(tuple(layer.up.shape), (4, RANK), what="the shape of up")
    up = layer.up.detach()
    stale = torch.full_like(up, torch.nan)
    check(up, torch.zeros_like(up), what="up", mistakes={UNINITIALISED: stale})
    assert layer.down.detach().any(), (
        "down is zero as up is: then the gradient of each is zero, and neither ever learns"
    )
    y = layer(x)
    check(y.detach(), due, what="the output at first")
    assert y.requires_grad, "the first output has no graph: up, which is zero, never learns"
    (for_up,) = torch.autograd.grad(y.square().sum(), layer.up)
    assert for_up.any(), "the gradient for up is zero at first: up never learns"


def test_low_rank_linear_trains_down_and_up_alone(device):
    linear = base(device)
    layer = adapted(linear)

    training = {name for name, p in layer.named_parameters() if p.requires_grad}

    assert training == {"down", "up"}, (
        f"the parameters that train are {sorted(training)}: down and up are due, and the layer's "
        "own are frozen"
    )
    mine = {id(p) for p in layer.parameters()}
    assert all(id(p) in mine for p in linear.parameters()), (
        "the layer's own weight and bias are not among the module's parameters: take the layer "
        "itself, no copy, as a part of the module, or state_dict would lose them"
    )
    check(
        [p.requires_grad for p in linear.parameters()],
        [False, False],
        what="whether the layer's own weight and bias require grad",
    )


def test_low_rank_linear_draws_down_from_the_generator(device):
    first, again, other = (adapted(base(device), seed=seed).down.detach() for seed in (7, 7, 8))
    one = generator()
    large_models.LowRankLinear(base(device), RANK, ALPHA, generator=one)
    later = large_models.LowRankLinear(base(device), RANK, ALPHA, generator=one).down.detach()

    check(again, first, what="down, drawn by a generator of the same seed")
    assert not torch.equal(other, first), "down is the same whatever the generator's seed is"
    assert not torch.equal(first, later), (
        "two layers that are given one generator have the same down: draw from the generator "
        "itself, which moves on"
    )
    assert first.unique().numel() == first.numel(), "down has equal values: draw each of them"


@pytest.mark.parametrize(
    ("shape", "bias", "dtype"),
    [
        ((6, 5), True, torch.float64),
        ((6, 5), False, torch.float32),
        ((5,), True, torch.float32),
        ((2, 3, 5), False, torch.float64),
    ],
    ids=str,
)
def test_low_rank_linear_adds_the_change(shape, bias, dtype, device):
    linear = base(device, bias=bias, dtype=dtype)
    layer = changed(adapted(linear), device)
    (x,) = tracked_copies(turned(sample(shape[::-1], device=device, dtype=dtype)))
    down, up = parts_of(layer)
    own = (x @ linear.weight.T + (linear.bias if bias else 0)).detach()

    given = f"given x of shape {shape}, which is not contiguous where it has several axes"
    with unchanged(x, layer), situation(given):
        y = layer(x)

    plain = x.detach()
    change = plain @ down.T @ up.T
    single = dtype == torch.float32
    check(
        y.detach(),
        own + SCALE * change,
        what="the output",
        rtol=1e-5 if single else None,
        mistakes={
            "alpha is not divided by rank": own + ALPHA * change,
            "neither alpha nor rank scales the change": own + change,
            "alpha/rank is rounded down to a whole number": own + ALPHA // RANK * change,
            "the change is divided by rank, and alpha left out": own + change / RANK,
            "the change is left out": own,
            "the layer's own output is left out": SCALE * change,
            "its own output is scaled, too": SCALE * (own + change),
        },
    )
    v = sample(y.shape, device=device, dtype=dtype)
    for_x, for_down, for_up = torch.autograd.grad(y, (x, layer.down, layer.up), v)
    check(
        for_x,
        v @ (linear.weight + SCALE * up @ down).detach(),
        what="the gradient for x",
        rtol=1e-5 if single else None,
        mistakes={
            "the layer runs without recording: x gets nothing through it": v @ (SCALE * up @ down),
            "x gets nothing through the change": v @ linear.weight.detach(),
        },
    )
    rows, cotangents = plain.reshape(-1, 5), v.reshape(-1, 4)
    tolerances = {"rtol": 1e-4, "atol": 1e-5} if single else {}
    check(
        (for_down, for_up),
        (SCALE * (cotangents @ up).T @ rows, SCALE * cotangents.T @ (rows @ down.T)),
        what="the gradients for down and up",
        **tolerances,
    )


def test_low_rank_linear_spends_nothing_on_the_frozen_weight(device):
    demand_little(device, training=True)


def demand_little(device, *, training):
    linear = base(device, 30, 20)
    layer = changed(adapted(linear, rank=2), device).train(training)

    for tracked, due in ((True, 8), (False, 6)):
        x = sample((4, 30), device=device, requires_grad=tracked)
        memory = Memory()
        with watched_backward(memory):
            layer(x).sum().backward()
        given = "x requiring grad" if tracked else "x without grad"
        assert memory.most() < 600, (
            f"a tensor of {memory.most()} elements is made, {given}; the weight has 600: take x "
            "through down and up, and leave the weight frozen"
        )
        assert memory.products() <= due, (
            f"{memory.products()} matrix products run forward and backward, {given}: {due} are due"
        )
    check(grads(linear.parameters()), [None, None], what=".grad of the layer's own")


def test_low_rank_linear_merges_into_a_new_layer(device):
    for bias in (True, False):
        linear = base(device, bias=bias)
        layer = changed(adapted(linear), device)
        x = sample((6, 5), device=device)
        own_y, due = linear(x).detach(), layer(x).detach()
        layer.eval()

        with unchanged(layer), stale_memory():
            merged = layer.merged()

        check(type(merged), nn.Linear, what="the type of what merged() returns")
        assert isinstance(merged.weight, nn.Parameter), (
            "the weight of the merged layer is a tensor with a graph: "
            "it is to be a parameter, without a graph"
        )
        own = {name for name, _ in merged.named_parameters()}
        assert own == {name for name, _ in linear.named_parameters()}, (
            f"the parameters of the merged layer are {' and '.join(sorted(own)) or 'none'}, where "
            f"the layer's own are weight{' and bias' if bias else ', without a bias'}"
        )
        assert merged.weight.dtype == linear.weight.dtype, (
            f"the merged layer is {merged.weight.dtype}, the layer {linear.weight.dtype}"
        )
        assert merged is not linear, "merged() returns the layer itself: a new one is due"
        check(
            merged(x).detach(),
            due,
            what="the output of the merged layer",
            mistakes={
                "the change is left out": own_y,
                "the change is added twice, once in eval mode and once in merged()": 2 * due
                - own_y,
            },
        )
        check(layer(x).detach(), due, what="the module's own output, after merged()")
        again = changed(layer, device).merged()
        check(
            again(x).detach(),
            layer(x).detach(),
            what="the output of a layer that was merged anew, after up has changed",
            mistakes={"merged() gives the same layer as before": merged(x).detach()},
        )
        mine = {p.untyped_storage().data_ptr() for p in layer.parameters()}
        assert all(p.untyped_storage().data_ptr() not in mine for p in merged.parameters()), (
            "the merged layer shares memory with this module: training one would change the other"
        )


def test_low_rank_linear_works_without_recording(device):
    layer, x = changed(adapted(base(device)), device), sample((6, 5), device=device)
    due = layer(x).detach()

    with inside_no_grad():
        y, merged = layer(x), layer.merged()

    check(y, due, what="the output inside torch.no_grad()")
    check(merged(x).detach(), due, what="the output of a layer that was merged there")


def test_low_rank_linear_spends_nothing_on_the_frozen_weight_in_eval_mode(device):
    demand_little(device, training=False)
